import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { KEY } from '../../testing/phone';
import { bodyText, type Member, Server } from '../../testing/server';

type Device = { id: string; name: string };

/** The browser's side of sign-in: one cookie, so one session at a time. */
class Doorman {
  cookie: { member: Member; device: Device | null } | null = null;
  online = true;
  revoked = new Set<string>();
  /** What revoked devices pushed. */
  readonly lastPushes: string[] = [];
  /** The last push of a revoked device comes through. */
  takesLastPush = false;
  readonly asked: string[] = [];

  constructor(readonly server: Server) {}

  async speak(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
    if (!this.online) throw new TypeError('network');
    const path = String(input).replace('/api/v1', '');
    const method = init.method ?? 'GET';
    this.asked.push(`${method} ${path}`);
    const [data, status] = this.answer(path, method, bodyText(init.body));
    return status === 204 ? new Response(null, { status }) : Response.json(data, { status });
  }

  private answer(path: string, method: string, body: string): [unknown, number] {
    const given = JSON.parse(body);
    if (path === '/session' && method === 'POST') return this.enter(given);
    if (path === '/join')
      return this.enter({ login: 'bo', password: 'good', device: given.device });
    if (path.startsWith('/invite')) {
      if (path.endsWith('old')) return [{ code: 'invite_expired' }, 410];
      return [
        {
          token: 't',
          community: { name: 'Demo' },
          invited_by: 'Lin',
          role: 'volunteer',
          purpose: 'join',
        },
        200,
      ];
    }
    if (!this.cookie) return [{ code: 'not_signed_in' }, 401];
    const { member, device } = this.cookie;
    if (device && this.revoked.has(device.id)) return this.turnAway(path, method, body, member);
    if (path === '/session/device') {
      this.cookie = { member, device: given };
      return [this.server.session(member, { ...given, key: KEY }), 200];
    }
    if (path === '/session' && method === 'DELETE') {
      this.cookie = null;
      return [null, 204];
    }
    if (path === '/session')
      return [{ ...this.server.session(member, device as Device), device }, 200];
    if (path === '/sync/receipt' && method === 'GET') return [this.server.receipt(member), 200];
    if (path === '/sync/receipt') return [this.server.compare(given.operations), 200];
    if (path === '/sync/push') return [this.server.push(member, body), 200];
    if (path === '/sync/pull') return [this.server.pull(member, given), 200];
    return [{ code: 'not_found' }, 404];
  }

  /** A revoked device may push, ask for its receipt and sign out. */
  private turnAway(path: string, method: string, body: string, member: Member): [unknown, number] {
    const gone: [unknown, number] = [{ code: 'device_revoked', csrf_token: 't1' }, 410];
    if (path === '/session' && method === 'DELETE') {
      this.cookie = null;
      return [null, 204];
    }
    if (!this.takesLastPush) return gone;
    if (path === '/sync/push') {
      this.lastPushes.push(body);
      return [this.server.push(member, body), 200];
    }
    if (path === '/sync/receipt' && method === 'GET') return [this.server.receipt(member), 200];
    if (path === '/sync/receipt') return [this.server.compare(JSON.parse(body).operations), 200];
    return gone;
  }

  private enter(given: { login: string; password: string; device: Device }): [unknown, number] {
    const member = this.server.members.get(given.login);
    if (given.login === 'both') {
      return [{ code: 'choose_community', communities: [{ id: 1, name: 'Demo' }] }, 409];
    }
    if (given.login === 'locked') return [{ code: 'locked', retry_after: 900 }, 429];
    if (!member || given.password !== 'good') return [{ code: 'sign_in_failed' }, 401];
    if (this.revoked.has(given.device.id)) return [{ code: 'device_revoked' }, 410];
    this.cookie = { member, device: given.device };
    return [this.server.session(member, { ...given.device, key: KEY }), 200];
  }
}

let server: Server;
let doorman: Doorman;

/** Starts the app as after a tap on its icon: nothing in memory, everything on the phone. */
async function startApp() {
  vi.resetModules();
  const field = await import('../../core/field');
  const { startField } = await import('../start');
  await startField();
  const { currentDesk, currentEngine } = await import('./memberActions');
  return {
    ...field,
    currentDesk,
    stop: () => {
      currentEngine()?.stop();
      currentDesk()?.close();
    },
  };
}
type App = Awaited<ReturnType<typeof startApp>>;
const apps: App[] = [];
async function start(): Promise<App> {
  for (const app of apps.splice(0)) app.stop();
  const app = await startApp();
  apps.push(app);
  return app;
}

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  localStorage.clear();
  server = new Server();
  server.now = Date.now();
  server.addCommunity();
  server.addBuilding('b1', 1, 2, 2);
  server.addMember('ann', 'Ann', ['b1']);
  server.addMember('bo', 'Bo', ['b1']);
  doorman = new Doorman(server);
  vi.stubGlobal('fetch', doorman.speak.bind(doorman));
});
afterEach(() => {
  for (const app of apps.splice(0)) app.stop();
  vi.unstubAllGlobals();
});

async function signedIn(login = 'ann'): Promise<App> {
  const app = await start();
  expect(await app.signIn(login, 'good')).toEqual({ kind: 'done' });
  await app.syncNow();
  return app;
}

const visit = { household: 'b1-1-101', outcome: 'informed' as const };

describe('signing in', () => {
  it('opens the member’s database and brings the buildings', async () => {
    const app = await signedIn();
    expect(app.state.session.value).toMatchObject({ state: 'member', login: 'ann' });
    expect(app.state.buildings.value).toMatchObject([{ id: 'b1', counts: { households: 4 } }]);
  });

  it('says why it failed', async () => {
    const app = await start();
    expect(await app.signIn('ann', 'bad')).toEqual({ kind: 'failed', code: 'sign_in_failed' });
    expect(await app.signIn('locked', 'x')).toMatchObject({ code: 'locked', retryAfter: 900 });
    expect(await app.signIn('both', 'x')).toMatchObject({
      kind: 'choose_community',
      communities: [{ id: 1 }],
    });
    doorman.online = false;
    expect(await app.signIn('ann', 'good')).toEqual({ kind: 'failed', code: 'offline' });
    expect(app.state.session.value.state).toBe('signed_out');
  });

  it('is not needed again when the app starts without a network', async () => {
    const app = await signedIn();
    await app.record('b1', visit);
    doorman.online = false;
    const again = await start();
    expect(again.state.session.value.state).toBe('member');
    expect(again.state.buildings.value).toMatchObject([{ counts: { reached: 1 }, unsent: 1 }]);
    await again.record('b1', { ...visit, household: 'b1-1-102' });
    expect(again.state.sync.value.unsent).toBe(2);
  });

  it('is taken over from a page of the server, as this phone', async () => {
    doorman.cookie = { member: server.members.get('ann') as Member, device: null };
    const app = await start();
    await vi.waitFor(() => expect(app.state.session.value.state).toBe('member'));
    expect(doorman.asked).toContain('POST /session/device');
    expect(doorman.cookie?.device?.id).toBe(app.currentDesk()?.member.device.id);
  });

  it('typed while a page’s session is being taken over opens one database, once', async () => {
    doorman.cookie = { member: server.members.get('ann') as Member, device: null };
    const app = await start();
    const opened = vi.spyOn(indexedDB, 'open');
    await app.signIn('ann', 'good');
    await app.syncNow();
    await new Promise((done) => setTimeout(done, 150));
    await app.syncNow();
    expect(app.state.session.value.state).toBe('member');
    const names = opened.mock.calls.map(([name]) => name).filter((name) => name !== 'qiaomen');
    // Once to write down which device it is, once to work in.
    expect(names).toEqual([names[0], names[0]]);
    const saved = await app.record('b1', visit);
    expect(saved.operations).toHaveLength(1);
    expect(await app.membersOnThisPhone()).toHaveLength(1);
  });

  it('again as the same person keeps the device and what is unsent', async () => {
    const app = await signedIn();
    const device = app.currentDesk()?.member.device.id;
    doorman.online = false;
    await app.record('b1', visit);
    await app.signOut('keep');
    expect(app.state.session.value.state).toBe('signed_out');
    expect(app.state.buildings.value).toEqual([]);
    doorman.online = true;
    await app.signIn('ann', 'good');
    await app.syncNow();
    expect(app.currentDesk()?.member.device.id).toBe(device);
    expect(server.kept.size).toBe(1);
    expect(app.state.buildings.value).toMatchObject([{ counts: { reached: 1 } }]);
  });

  it('of a second person keeps both apart', async () => {
    const app = await signedIn('ann');
    doorman.online = false;
    await app.record('b1', visit);
    await app.signOut('keep');
    doorman.online = true;
    await app.signIn('bo', 'good');
    await app.syncNow();
    expect(app.state.sync.value.unsent).toBe(0);
    expect(server.kept.size).toBe(0);
    const members = await app.membersOnThisPhone();
    expect(members.map(({ id, unsent, current }) => [id, unsent, current])).toEqual([
      ['ann', 1, false],
      ['bo', 0, true],
    ]);
  });
});

describe('joining', () => {
  it('reads what an invite stands for, or why it is none', async () => {
    const app = await start();
    expect(await app.readInvite('new')).toMatchObject({
      kind: 'invite',
      invite: { communityName: 'Demo', invitedBy: 'Lin', purpose: 'join', phone: null },
    });
    expect(await app.readInvite('old')).toEqual({ kind: 'failed', code: 'invite_expired' });
  });

  it('waits for the coordinator’s word, then brings the buildings by itself', async () => {
    (server.members.get('bo') as Member).status = 'pending';
    const app = await start();
    await app.join('t', 'Bo', 'bo', 'good');
    await app.syncNow();
    expect(app.state.session.value.state).toBe('pending');
    expect(app.state.buildings.value).toEqual([]);
    (server.members.get('bo') as Member).status = 'active';
    await app.syncNow();
    expect(app.state.session.value.state).toBe('member');
    expect(app.state.buildings.value).toHaveLength(1);
  });
});

describe('signing out', () => {
  it('refuses to lose unsent work without a choice', async () => {
    const app = await signedIn();
    doorman.online = false;
    await app.record('b1', visit);
    expect(await app.signOut('safe')).toEqual({ kind: 'refused', unsent: 1 });
    expect(app.state.session.value.state).toBe('member');
  });

  it('takes residents’ data off the phone and tells the server', async () => {
    const app = await signedIn();
    await app.record('b1', visit);
    await app.syncNow();
    const { store } = app.currentDesk() as NonNullable<ReturnType<App['currentDesk']>>;
    const name = store.name;
    expect(await app.signOut('safe')).toEqual({ kind: 'done' });
    expect(doorman.cookie).toBeNull();
    const { openMember } = await import('../../core/storage');
    const left = await openMember(name);
    for (const kept of ['buildings', 'summaries', 'buckets']) {
      expect(await left.read([kept], (tx) => tx.all(kept))).toEqual([]);
    }
    // For sending again after a restore.
    expect(await left.read(['log'], (tx) => tx.all('log'))).toHaveLength(1);
    left.close();
  });

  it('without a network tells the server at the next start', async () => {
    const app = await signedIn();
    doorman.online = false;
    await app.signOut('safe');
    doorman.online = true;
    expect(doorman.cookie).not.toBeNull();
    const again = await start();
    await vi.waitFor(() => expect(doorman.cookie).toBeNull());
    expect(again.state.session.value.state).toBe('signed_out');
  });

  it('discards everything only when told to', async () => {
    const app = await signedIn();
    doorman.online = false;
    await app.record('b1', visit);
    expect(await app.signOut('discard')).toEqual({ kind: 'done' });
    expect(await app.membersOnThisPhone()).toEqual([]);
    doorman.online = true;
    await app.signIn('ann', 'good');
    await app.syncNow();
    expect(server.kept.size).toBe(0);
    expect(app.state.sync.value.unsent).toBe(0);
  });
});

describe('a revoked device', () => {
  it('erases what it was given at once, keeps its own work, and begins anew beside it', async () => {
    const app = await signedIn();
    const old = app.currentDesk()?.member;
    doorman.online = false;
    await app.record('b1', visit);
    doorman.online = true;
    doorman.revoked.add(old?.device.id ?? '');
    await app.syncNow();
    expect(app.state.session.value.state).toBe('revoked');
    expect(app.state.buildings.value).toEqual([]);
    expect(app.state.sync.value.unsent).toBe(1);
    await app.signIn('ann', 'good');
    await app.syncNow();
    expect(app.currentDesk()?.member.device.id).not.toBe(old?.device.id);
    expect(app.currentDesk()?.member.db).not.toBe(old?.db);
    expect((await app.membersOnThisPhone()).map(({ unsent }) => unsent)).toEqual([1, 0]);
  });

  it('shows of its locked work only how much it is, also after a restart', async () => {
    const app = await revoked();
    expect(app.state.outbox.value).toEqual([]);
    expect(app.state.sync.value.unsent).toBe(1);
    const again = await start();
    expect(again.state.session.value.state).toBe('revoked');
    expect(again.state.outbox.value).toEqual([]);
    expect(again.state.buildings.value).toEqual([]);
    expect(again.state.sync.value.unsent).toBe(1);
  });

  it('does its last push, asks for the receipt, and leaves nothing behind', async () => {
    const app = await signedIn();
    await app.record('b1', visit);
    await app.syncNow();
    doorman.online = false;
    await app.record('b1', { ...visit, household: 'b1-1-102' });
    doorman.online = true;
    doorman.takesLastPush = true;
    doorman.revoked.add(app.currentDesk()?.member.device.id ?? '');
    await app.syncNow();
    expect(doorman.lastPushes).toHaveLength(1);
    expect(app.state.session.value.state).toBe('signed_out');
    expect(app.state.notice.value).toEqual({ kind: 'handed_over', count: 2 });
    expect(await app.membersOnThisPhone()).toEqual([]);
    expect((await indexedDB.databases()).map(({ name }) => name)).toEqual(['qiaomen']);
    await vi.waitFor(() => expect(doorman.cookie).toBeNull());
    expect(await app.signIn('ann', 'good')).toEqual({ kind: 'done' });
    await app.syncNow();
    expect(app.state.session.value.state).toBe('member');
    expect(app.state.notice.value).toBeNull();
  });

  it('hands its work over before a new sign-in ends the old session', async () => {
    const app = await revoked();
    doorman.takesLastPush = true;
    await app.signIn('ann', 'good');
    await app.syncNow();
    expect(doorman.lastPushes).toHaveLength(1);
    expect((await app.membersOnThisPhone()).map(({ unsent, locked }) => [unsent, locked])).toEqual([
      [0, false],
    ]);
  });

  it('can still save what is locked as a file that only the desk can read', async () => {
    server.publicKey = await publicKey();
    server.addCommunity();
    const app = await revoked();
    const old = app.currentDesk()?.member.device.id ?? '';
    // Its last push never came through, and the new session has taken the old one’s place.
    await app.signIn('ann', 'good');
    await app.syncNow();
    const [locked] = (await app.membersOnThisPhone()).filter((member) => member.locked);
    expect(locked).toMatchObject({ unsent: 1, device: old });
    const made = vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:x');
    expect(await app.saveLocked(old)).toMatchObject({ kind: 'saved', count: 1 });
    const text = await (made.mock.calls[0]![0] as File).text();
    expect(JSON.parse(text)).toMatchObject({ format: 'qiaomen-rescue-1', device: old });
    expect(text).not.toContain('informed');
    // Its key has stayed beside the work, unreadable: the desk knows whose it is.
    expect(await signedByPhone(JSON.parse(text))).toBe(true);
    expect(await app.saveLocked('somebody else')).toEqual({ kind: 'failed', code: 'nothing' });
  });

  it('erases what nobody came for in 30 days', async () => {
    await revoked();
    const now = Date.now();
    vi.spyOn(Date, 'now').mockImplementation(() => now + 29 * 86_400_000);
    doorman.online = false;
    expect((await start()).state.session.value.state).toBe('revoked');
    vi.mocked(Date.now).mockImplementation(() => now + 30 * 86_400_000 + 1_000);
    const app = await start();
    expect(app.state.session.value.state).toBe('signed_out');
    expect(app.state.notice.value).toEqual({ kind: 'expired' });
    expect((await indexedDB.databases()).map(({ name }) => name)).toEqual(['qiaomen']);
  });
});

/** Ann's phone with one visit unsent, revoked while it could not push. */
async function revoked(): Promise<App> {
  const app = await signedIn();
  doorman.online = false;
  await app.record('b1', visit);
  doorman.online = true;
  doorman.revoked.add(app.currentDesk()?.member.device.id ?? '');
  await app.syncNow();
  expect(app.state.session.value.state).toBe('revoked');
  return app;
}

async function publicKey(): Promise<string> {
  const curve = { name: 'ECDH', namedCurve: 'P-256' };
  const pair = (await crypto.subtle.generateKey(curve, true, ['deriveBits'])) as CryptoKeyPair;
  return Buffer.from(await crypto.subtle.exportKey('raw', pair.publicKey)).toString('base64');
}

/** Whether the key that the server gives every phone in these tests made the tag. */
async function signedByPhone(file: Record<string, string>): Promise<boolean> {
  const { format, community, device, key, nonce, sealed, tag = '' } = file;
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  const secret = Buffer.from(KEY, 'base64');
  const verifying = await crypto.subtle.importKey('raw', secret, hmac, false, ['verify']);
  const signed = [format, community, device, key, nonce, sealed].join('\n');
  const bytes = new TextEncoder().encode(signed);
  return crypto.subtle.verify('HMAC', verifying, Buffer.from(tag, 'base64'), bytes);
}

describe('a backup', () => {
  async function worked(): Promise<App> {
    const app = await signedIn();
    await app.record('b1', visit);
    await app.syncNow();
    return app;
  }

  it('holds what waits, or all that is left, signed with the device’s key', async () => {
    server.publicKey = await publicKey();
    server.addCommunity();
    const app = await worked();
    const made = vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:x');
    expect(await app.saveRescue('unsent')).toEqual({ kind: 'failed', code: 'nothing' });
    doorman.online = false;
    await app.record('b1', { ...visit, household: 'b1-1-102' });
    expect(await app.countLog()).toBe(2);
    expect(await app.saveRescue('unsent')).toMatchObject({ count: 1, shared: false });
    const name = expect.stringMatching(/^qiaomen-20.*\.qiaomen$/);
    expect(await app.saveRescue('all')).toMatchObject({ count: 2, name });
    const file = JSON.parse(await (made.mock.calls[1]![0] as File).text());
    expect(file.device).toBe(app.currentDesk()?.member.device.id);
    expect(await signedByPhone(file)).toBe(true);
  });

  it('needs the community’s key, which comes with the first pull', async () => {
    const app = await worked();
    expect(await app.saveRescue('all')).toEqual({ kind: 'failed', code: 'no_key' });
  });

  it('goes to the share sheet where that takes such files', async () => {
    server.publicKey = await publicKey();
    server.addCommunity();
    const app = await worked();
    const share = vi.fn(async () => {});
    Object.assign(navigator, { canShare: () => true, share });
    expect(await app.saveRescue('all')).toMatchObject({ kind: 'saved', shared: true });
    share.mockRejectedValueOnce(new DOMException('no', 'AbortError'));
    expect(await app.saveRescue('all')).toEqual({ kind: 'failed', code: 'cancelled' });
    Object.assign(navigator, { canShare: undefined, share: undefined });
  });
});

describe('a phone that was cleared', () => {
  async function worked(): Promise<App> {
    const app = await signedIn();
    await app.record('b1', visit);
    await app.syncNow();
    return app;
  }
  const signingKey = (app: App) =>
    app
      .currentDesk()
      ?.store.read(['meta'], (tx) => tx.get<{ id: string; key?: CryptoKey }>('meta', 'device'));

  it('keeps the device’s key where nobody can read it', async () => {
    const app = await signedIn();
    const device = await signingKey(app);
    expect(device?.id).toBe(app.currentDesk()?.member.device.id);
    expect(device?.key?.extractable).toBe(false);
  });

  it('is known by the server’s memory of it: another device, a word, everything pulled again', async () => {
    const app = await worked();
    const old = app.currentDesk()?.member.device.id;
    for (const one of apps.splice(0)) one.stop();
    vi.stubGlobal('indexedDB', new IDBFactory());
    localStorage.clear();
    const again = await start();
    await vi.waitFor(() => expect(again.state.session.value.state).toBe('member'));
    await again.syncNow();
    expect(again.state.notice.value).toEqual({ kind: 'wiped', lastSyncAt: null });
    expect(again.currentDesk()?.member.device.id).not.toBe(old);
    expect(again.state.buildings.value).toMatchObject([{ counts: { households: 4, reached: 1 } }]);
    again.closeNotice();
    expect(again.state.notice.value).toBeNull();
  });

  it('is known by the mark outside, when the session is gone too', async () => {
    const app = await worked();
    const at = app.state.sync.value.lastSyncAt;
    for (const one of apps.splice(0)) one.stop();
    vi.stubGlobal('indexedDB', new IDBFactory());
    doorman.cookie = null;
    const again = await start();
    expect(again.state.session.value.state).toBe('signed_out');
    expect(again.state.notice.value).toEqual({ kind: 'wiped', lastSyncAt: at });
    // Signing in does not make the word go away unread.
    await again.signIn('ann', 'good');
    expect(again.state.notice.value?.kind).toBe('wiped');
  });

  it('of one member’s database alone is known by the registry', async () => {
    const app = await worked();
    const { db, device } = (app.currentDesk() as NonNullable<ReturnType<App['currentDesk']>>)
      .member;
    for (const one of apps.splice(0)) one.stop();
    await new Promise((done) => {
      indexedDB.deleteDatabase(db).onsuccess = done;
    });
    const again = await start();
    await again.syncNow();
    expect(again.state.notice.value?.kind).toBe('wiped');
    expect(again.currentDesk()?.member.device.id).not.toBe(device.id);
    expect(doorman.cookie?.device?.id).toBe(again.currentDesk()?.member.device.id);
    expect(again.state.buildings.value).toMatchObject([{ counts: { reached: 1 } }]);
    // And not again at the next start.
    again.closeNotice();
    expect((await start()).state.notice.value).toBeNull();
  });

  it('by its owner’s own wish says nothing', async () => {
    const app = await worked();
    await app.signOut('discard');
    expect((await start()).state.notice.value).toBeNull();
  });
});

describe('preferences', () => {
  it('belong to the phone and are there when the app has started', async () => {
    const app = await start();
    await app.setPreferences({ language: 'en', largeText: true });
    const again = await start();
    expect(again.state.preferences.value).toMatchObject({
      language: 'en',
      largeText: true,
      theme: 'system',
    });
  });
});
