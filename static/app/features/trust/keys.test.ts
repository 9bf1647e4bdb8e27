import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toBase64 } from '../../core/bytes';
import type { Row } from '../../core/wire';
import type { BadgeRow } from './given';

const FACE = new Uint8Array([255, 216, 255]);

let round = 0;

/** A phone of its own modules, and the few answers of the server that matter here. */
async function scene(device = 'this-phone') {
  round += 1;
  vi.resetModules();
  const desks = await import('../../sync/desk');
  const { trustFeature } = await import('./feature');
  const keys = await import('./keys');
  const { given } = await import('./given');
  const { codeOf } = await import('./code');
  desks.registerFeature(trustFeature);
  const member = {
    db: `badge-${round}`,
    device: { id: device, name: device },
    login: 'ann',
    person: { id: 1, name: 'Ann' },
    member: { id: 'ann', role: 'volunteer' as const, lead: false, deputy: false },
    community: { id: 1, name: 'Demo', timezone: 'Asia/Shanghai' },
    status: 'active' as const,
  };
  const open = () => desks.Desk.open(member);
  const asked: { path: string; body: string }[] = [];
  let next = 0;
  let down = false;
  const session = {
    member: { id: 'ann' },
    device: { id: device, key: toBase64(new Uint8Array(32)) },
  };
  vi.stubGlobal('fetch', async (input: string, init: RequestInit = {}) => {
    const path = input.replace('/api/v1', '');
    asked.push({ path, body: String(init.body ?? '') });
    if (down) throw new TypeError('network');
    if (path === '/badge/photo') return new Response(FACE);
    if (path === '/badge/key') {
      next += 1;
      const key = toBase64(new Uint8Array(20).fill(next));
      return Response.json({ badge: 'b1', number: 'Z-0218', digits: 218, key });
    }
    return Response.json({ ...session, csrf_token: 't', server_time: '', epoch: 'e' });
  });
  const desk = await open();
  const row = (more: Partial<BadgeRow> = {}): BadgeRow => ({
    kind: 'badge',
    id: 'b1',
    number: 'Z-0218',
    digits: 218,
    status: 'active',
    device: null,
    device_name: null,
    work_phone: null,
    photo: null,
    checks: [],
    ...more,
  });
  return {
    desk,
    open,
    keys,
    given,
    asked,
    fail: (is: boolean) => {
      down = is;
    },
    /** What a pull brings. */
    async pulled(...rows: Partial<BadgeRow>[]): Promise<void> {
      const bucket = new Map(rows.map((more) => ['badge b1', row(more) as Row]));
      await desk.change((change) => change.putBucket('me', bucket));
    },
    keysAsked: () => asked.filter(({ path }) => path === '/badge/key'),
    /** Which of the server's keys this phone computes with. */
    async which(): Promise<number | null> {
      const key = given.value.kept?.key;
      if (!key) return null;
      const { importKey } = await import('./code');
      for (let n = 1; n <= next; n++) {
        const other = await importKey(new Uint8Array(20).fill(n));
        if ((await codeOf(other, 7)) === (await codeOf(key, 7))) return n;
      }
      return 0;
    },
  };
}

beforeEach(() => {
  // What is fetched when nothing else is to be done is asked for by the tests themselves.
  vi.stubGlobal('requestIdleCallback', () => 0);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

describe('the badge on a phone', () => {
  it('gets its key once and keeps it over a restart', async () => {
    const phone = await scene();
    await phone.pulled({});
    await phone.keys.bringUpToDate(phone.desk);
    await phone.keys.bringUpToDate(phone.desk);
    expect(phone.keysAsked()).toHaveLength(1);
    expect(await phone.which()).toBe(1);
    phone.desk.close();
    const again = await phone.open();
    again.publish();
    expect(await phone.which()).toBe(1);
  });

  it('is not fetched for a phone that has none, nor while it is suspended', async () => {
    const phone = await scene();
    await phone.pulled();
    await phone.keys.bringUpToDate(phone.desk);
    await phone.pulled({ status: 'suspended' });
    await phone.keys.bringUpToDate(phone.desk);
    expect(phone.keysAsked()).toEqual([]);
  });

  it('waits for the network and does not press', async () => {
    const phone = await scene();
    await phone.pulled({});
    phone.fail(true);
    await phone.keys.bringUpToDate(phone.desk);
    const before = phone.asked.length;
    await phone.keys.bringUpToDate(phone.desk);
    expect(phone.asked.length).toBe(before);
    expect(phone.given.value.kept).toBeNull();
    phone.fail(false);
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 31_000);
    await phone.keys.bringUpToDate(phone.desk);
    expect(await phone.which()).toBe(1);
  });

  it('stays on the phone that holds it until it is moved', async () => {
    const phone = await scene();
    await phone.pulled({ device: 'other-phone' });
    await phone.keys.bringUpToDate(phone.desk);
    expect(phone.keysAsked()).toEqual([]);
    await phone.keys.move(phone.desk);
    expect(JSON.parse(phone.keysAsked()[0]!.body)).toEqual({ move: true });
    await phone.keys.bringUpToDate(phone.desk); // before the next pull says where it is
    expect(await phone.which()).toBe(1);
    expect(phone.given.value.badge?.device).toBe('this-phone');
    expect(phone.keysAsked()).toHaveLength(1);
  });

  it('drops the key when it was moved away, revoked or erased', async () => {
    for (const rows of [[{ device: 'other-phone' }], []]) {
      const phone = await scene();
      await phone.pulled({});
      await phone.keys.bringUpToDate(phone.desk);
      await phone.pulled(...rows);
      await phone.keys.bringUpToDate(phone.desk);
      expect(phone.given.value.kept).toBeNull();
    }
    const phone = await scene();
    await phone.pulled({});
    await phone.keys.bringUpToDate(phone.desk);
    await phone.desk.eraseBuckets();
    expect(phone.given.value.kept).toBeNull();
    const stored = await phone.desk.store.read(['meta'], (tx) => tx.get('meta', 'badge'));
    expect(stored).toBeUndefined();
  });

  it('asks for no second key when another tab was faster', async () => {
    const phone = await scene();
    await phone.pulled({});
    await phone.keys.bringUpToDate(phone.desk);
    const kept = await phone.desk.store.read(['meta'], (tx) => tx.get('meta', 'badge'));
    const tab = await scene();
    await tab.pulled({});
    await tab.desk.store.write(['meta'], (tx) => tx.put('meta', 'badge', kept));
    await tab.keys.bringUpToDate(tab.desk);
    expect(tab.keysAsked()).toEqual([]);
    expect(tab.given.value.kept?.badge).toBe('b1');
  });

  it('carries its photo, and lets go of one that was taken away', async () => {
    const phone = await scene();
    await phone.pulled({ photo: 'abc' });
    await phone.keys.bringUpToDate(phone.desk);
    expect(new Uint8Array(phone.given.value.kept!.photo!.bytes)).toEqual(FACE);
    await phone.keys.bringUpToDate(phone.desk);
    expect(phone.asked.filter(({ path }) => path === '/badge/photo')).toHaveLength(1);
    await phone.pulled({ photo: null });
    await phone.keys.bringUpToDate(phone.desk);
    expect(phone.given.value.kept?.photo).toBeUndefined();
    expect(phone.keysAsked()).toHaveLength(1);
  });
});
