/** Coming and going: sign in, join, sign out; one database per member, opened and left here. */
import { ApiError, type Call, call } from '../../core/api';
import { state } from '../../core/field';
import { newId } from '../../core/ids';
import { dropMark, readMark } from '../../core/mark';
import {
  currentMember,
  forgetMember,
  keepMember,
  leaveCurrent,
  listMembers,
  oweSignOut,
  owesSignOut,
  type PhoneMember,
} from '../../core/phone';
import { eraseStore, openMember, type Store } from '../../core/storage';
import type {
  DeviceInfo,
  InviteResult,
  KnownMember,
  PhoneNotice,
  RescueResult,
  Session,
  SignInResult,
  SignOutChoice,
  SignOutResult,
} from '../../core/types';
import type { DevicesAnswer, InviteAnswer, SessionAnswer } from '../../core/wire';
import { Desk, eraseGiven, registeredFeatures, unsent } from '../../sync/desk';
import { isWiped, keepDevice } from '../../sync/device';
import { Engine, type SessionChange } from '../../sync/engine';
import type { OwnOperation } from '../../sync/operations';

/** A revoked phone's own work waits this long to be handed over, then it is erased. */
const LOCKED = 30 * 86_400_000;

interface Open {
  desk: Desk;
  engine: Engine;
}

let open: Open | null = null;
/** The desk of whose turn it is. */
export const currentDesk = (): Desk | null => open?.desk ?? null;
export const currentEngine = (): Engine | null => open?.engine ?? null;

/** Opens what the phone knows; without a network nothing else is needed. */
export async function resume(): Promise<void> {
  await eraseExpired();
  const member = await currentMember();
  if (member) return turnTo(await renewIfWiped(member));
  state.session.value = { state: 'signed_out' };
  const mark = readMark();
  if (mark && (await listMembers()).length === 0) state.notice.value = { kind: 'wiped', ...mark };
  // Signed in on a page of the server, in this browser: that is enough.
  if (await owesSignOut()) void settleSignOut();
  else void inTurn(adoptPageSession);
}

/**
 * A database without anything of its member was cleared: whatever is recorded from now on is another
 * phone's work to the server, which still counts what the cleared one sent.
 */
async function renewIfWiped(member: PhoneMember): Promise<PhoneMember> {
  if (member.status === 'revoked' || !(await isWiped(member.db))) return member;
  state.notice.value = { kind: 'wiped', lastSyncAt: readMark()?.lastSyncAt ?? null };
  const renewed = { ...member, device: { id: newId(), name: member.device.name } };
  await nameDevice(member.db, { id: renewed.device.id });
  await keepMember(renewed, false);
  return renewed;
}

/** Writes into a member's database which device it is. */
async function nameDevice(db: string, device: { id: string; key?: string }): Promise<void> {
  if (open?.desk.member.db === db) return keepDevice(open.desk.store, device);
  await inStore(db, (store) => keepDevice(store, device));
}

async function inStore<T>(db: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openMember(db);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

let coming: Promise<unknown> = Promise.resolve();

/** Comings and goings one after the other: two at once would open one database twice. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const done = coming.then(work);
  coming = done.catch(() => {});
  return done;
}

export async function turnTo(member: PhoneMember): Promise<void> {
  leave();
  const desk = await Desk.open(member);
  // The app was killed while it erased: nothing of it may be seen again.
  if (member.status === 'revoked') await eraseGiven(desk.store);
  const engine = new Engine(desk, { session: (change) => heard(desk, change) });
  open = { desk, engine };
  desk.publish();
  show(desk, member.status === 'active' ? 'member' : member.status);
  engine.start();
}

function leave(): void {
  open?.engine.stop();
  open?.desk.close();
  open = null;
  state.sync.value = { ...state.sync.value, syncing: false, error: null };
  for (const feature of registeredFeatures()) feature.publish?.(null);
}

function show(desk: Desk, to: Exclude<SessionChange, 'handed_over'>): void {
  const { member, person, community, device, login } = desk.member;
  const next: Session = { state: to, member, person, community, device, login };
  if (JSON.stringify(next) !== JSON.stringify(state.session.value)) state.session.value = next;
}

async function heard(desk: Desk, change: SessionChange): Promise<void> {
  if (open?.desk !== desk) return;
  if (change === 'handed_over') {
    const count = desk.meta.receipt?.count ?? 0;
    return abandon(desk, { kind: 'handed_over', count });
  }
  if (change === 'revoked' && desk.member.status !== 'revoked') {
    desk.member = locked(desk.member);
    await keepMember(desk.member, false);
    // Tells the other tabs too: they show the same.
    await desk.eraseBuckets();
  }
  if (change === 'revoked' && isExpired(desk.member)) return abandon(desk, { kind: 'expired' });
  show(desk, change);
}

const locked = (member: PhoneMember): PhoneMember => ({
  ...member,
  status: 'revoked',
  revokedAt: Date.now(),
});

const isExpired = ({ status, revokedAt }: PhoneMember): boolean =>
  status === 'revoked' && revokedAt !== undefined && Date.now() - revokedAt >= LOCKED;

/** The last of a revoked device leaves the phone. */
async function abandon(desk: Desk, notice: PhoneNotice): Promise<void> {
  await leaveCurrent();
  leave();
  await forget(desk.member.db);
  state.notice.value = notice;
  state.session.value = { state: 'signed_out' };
  await oweSignOut(true);
  void settleSignOut();
}

async function forget(db: string): Promise<void> {
  await eraseStore(db);
  await forgetMember(db);
  if ((await listMembers()).length === 0) dropMark();
}

/** Locked work that nobody came for in time. */
async function eraseExpired(): Promise<void> {
  const current = (await currentMember())?.db;
  for (const member of await listMembers()) {
    if (member.status === 'revoked' && member.revokedAt === undefined) {
      await keepMember(locked(member), false);
    }
    if (!isExpired(member)) continue;
    if (member.db === current) await leaveCurrent();
    await forget(member.db);
    state.notice.value = { kind: 'expired' };
  }
}

/** What the phone calls itself in the list of devices. */
export function deviceName(agent: string = navigator.userAgent): string {
  const model = /Android[^;)]*; ?([^;)]+?)(?: Build|[;)])/.exec(agent)?.[1];
  const system = /iPhone|iPad|Android|Windows|Macintosh|Linux/.exec(agent)?.[0] ?? 'Browser';
  return model && model !== 'K' ? model : system;
}

const post = (path: string, body: object, more: Call = {}): Promise<{ data: SessionAnswer }> =>
  call<SessionAnswer>(path, { method: 'POST', body: JSON.stringify(body), ...more });

export const signIn = (
  login: string,
  password: string,
  community?: number,
): Promise<SignInResult> => inTurn(() => signInNow(login, password, community));

async function signInNow(
  login: string,
  password: string,
  community?: number,
): Promise<SignInResult> {
  // The old session ends with the new one: what is locked goes out under it first, if it can.
  if (open?.desk.member.status === 'revoked') await open.engine.sync();
  const typed = login.trim();
  const known = (await listMembers()).filter(
    (member) =>
      member.login === typed &&
      member.status !== 'revoked' &&
      (community === undefined || member.community.id === community),
  );
  const id = (known.length === 1 && known[0]?.device.id) || newId();
  return attempt(
    typed,
    (device) => {
      const body = { login: typed, password, device, ...(community ? { community } : {}) };
      return post('/session', body);
    },
    id,
  );
}

export function join(
  token: string,
  name: string,
  phone: string,
  password: string,
): Promise<SignInResult> {
  const request: Request = (device) => post('/join', { token, name, phone, password, device });
  return inTurn(() => attempt(phone.trim(), request));
}

type Request = (device: { id: string; name: string }) => Promise<{ data: SessionAnswer }>;

async function attempt(
  login: string,
  request: Request,
  device: string = newId(),
): Promise<SignInResult> {
  const name = deviceName();
  try {
    const { data } = await request({ id: device, name });
    return await enter(data, login, device);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { code, status, answer } = error;
    if (code === 'choose_community') {
      return { kind: 'choose_community', communities: answer.communities ?? [] };
    }
    if (code === 'device_revoked' || code === 'device_taken') {
      await setAside(device);
      return attempt(login, request);
    }
    return failure(status, code, answer.retry_after);
  }
}

const failure = (status: number, code: string, retryAfter?: number) => ({
  kind: 'failed' as const,
  code: status >= 500 ? 'server' : code,
  ...(retryAfter === undefined ? {} : { retryAfter }),
});

/** A revoked device's database stays until its work is at the server; a new one begins beside it. */
async function setAside(device: string): Promise<void> {
  for (const member of await listMembers()) {
    if (member.device.id !== device || member.status === 'revoked') continue;
    await keepMember(locked(member), false);
    if (open?.desk.member.db === member.db) await heard(open.desk, 'revoked');
    else await inStore(member.db, eraseGiven);
  }
}

/** The server let somebody in: their own database, with the device id that was made with it. */
async function enter(
  answer: SessionAnswer,
  login: string,
  made: string = newId(),
): Promise<SignInResult> {
  if (!answer.member || !answer.community) return failure(403, 'no_membership');
  const members = await listMembers();
  const known = members.find(
    ({ member, status }) => member.id === answer.member?.id && status !== 'revoked',
  );
  const wiped =
    known !== undefined && known.db !== open?.desk.member.db && (await isWiped(known.db));
  if (wiped) state.notice.value = { kind: 'wiped', lastSyncAt: readMark()?.lastSyncAt ?? null };
  const session = await withDevice(answer, (!wiped && known?.device.id) || made);
  const { member, community, person, device } = session;
  if (!member || !community || !device) return failure(403, 'no_membership');
  const { id, role, lead, deputy } = member;
  const next: PhoneMember = {
    db: known?.db ?? freeName(`qiaomen-${id}`, members),
    device: { id: device.id, name: device.name },
    login: login || known?.login || '',
    person,
    member: { id, role, lead, deputy },
    community: { id: community.id, name: community.name, timezone: community.timezone },
    status: member.status === 'pending' ? 'pending' : 'active',
  };
  await nameDevice(next.db, device);
  await keepMember(next);
  if (state.notice.value?.kind !== 'wiped') state.notice.value = null;
  await oweSignOut(false);
  if (open?.desk.member.db !== next.db) await turnTo(next);
  else {
    // Signed in again: what is open stays open, and what waited goes out.
    open.desk.member = next;
    show(open.desk, next.status === 'pending' ? 'pending' : 'member');
    void open.engine.sync();
  }
  return { kind: 'done' };
}

function freeName(base: string, members: readonly PhoneMember[]): string {
  let name = base;
  for (let n = 2; members.some(({ db }) => db === name); n++) name = `${base}-${n}`;
  return name;
}

/** The session must be that of this phone's database: its receipt counts what was recorded here. */
async function withDevice(session: SessionAnswer, id: string): Promise<SessionAnswer> {
  if (session.device?.id === id) return session;
  const device = { id, name: deviceName() };
  return (await post('/session/device', device, { csrf: session.csrf_token })).data;
}

async function adoptPageSession(): Promise<void> {
  try {
    const { data } = await call<SessionAnswer>('/session');
    if (!data.member || state.session.value.state !== 'signed_out') return;
    const known = (await listMembers()).some(({ device }) => device.id === data.device?.id);
    // The server remembers this phone, and the phone itself remembers nothing.
    if (data.device && !known) {
      state.notice.value = { kind: 'wiped', lastSyncAt: readMark()?.lastSyncAt ?? null };
    }
    await enter(data, '');
  } catch (error) {
    // Nobody is signed in, or no network: the sign-in page is right.
    if (!(error instanceof ApiError)) throw error;
  }
}

async function readOne(request: Promise<{ data: InviteAnswer }>): Promise<InviteResult> {
  try {
    const { data } = await request;
    const { token, community, invited_by, role, name = null, phone = null, purpose } = data;
    return {
      kind: 'invite',
      invite: {
        token,
        communityName: community.name,
        invitedBy: invited_by,
        role,
        name,
        phone,
        purpose,
      },
    };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return failure(error.status, error.code, error.answer.retry_after);
  }
}

export const readInvite = (token: string): Promise<InviteResult> =>
  readOne(call<InviteAnswer>(`/invite/${encodeURIComponent(token)}`));

export const readInviteCode = (code: string): Promise<InviteResult> =>
  readOne(
    call<InviteAnswer>('/invite/code', {
      method: 'POST',
      body: JSON.stringify({ code: code.trim() }),
    }),
  );

/**
 * Leaves the phone to the next person. Residents' data goes; own operations stay for the 90 days
 * (and unsent ones until they are sent) unless everything is to be discarded.
 */
export const signOut = (choice: SignOutChoice): Promise<SignOutResult> =>
  inTurn(() => signOutNow(choice));

async function signOutNow(choice: SignOutChoice): Promise<SignOutResult> {
  if (!open) return { kind: 'done' };
  const { desk, engine } = open;
  const left = unsent(desk.operations.values()).length;
  if (choice === 'safe' && left > 0) return { kind: 'refused', unsent: left };
  engine.stop();
  if (choice !== 'discard') await desk.eraseBuckets();
  await leaveCurrent();
  leave();
  if (choice === 'discard') await forget(desk.member.db);
  state.session.value = { state: 'signed_out' };
  await oweSignOut(true);
  await settleSignOut();
  return { kind: 'done' };
}

/** Tells the server; without a network this is made up for at the next start or on `online`. */
async function settleSignOut(): Promise<void> {
  try {
    const csrf = await tokenToLeave();
    if (open) return;
    await call('/session', { method: 'DELETE', csrf });
    await oweSignOut(false);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 401) return oweSignOut(false);
    window.addEventListener('online', () => void settleSignOut(), { once: true });
  }
}

/** A revoked device is told to go, and yet gets the token for going. */
async function tokenToLeave(): Promise<string> {
  try {
    return (await call<SessionAnswer>('/session')).data.csrf_token;
  } catch (error) {
    if (error instanceof ApiError && error.answer.csrf_token) return error.answer.csrf_token;
    throw error;
  }
}

export async function membersOnThisPhone(): Promise<KnownMember[]> {
  const current = currentDesk()?.member.db;
  return Promise.all(
    (await listMembers()).map(async ({ db, device, member, person, community, login, status }) => ({
      id: member.id,
      person,
      community: { id: community.id, name: community.name },
      login,
      current: db === current,
      unsent: await unsentIn(db),
      locked: status === 'revoked',
      device: device.id,
    })),
  );
}

export async function saveLocked(device: string): Promise<RescueResult> {
  const found = (await listMembers()).find((member) => member.device.id === device);
  if (!found) return { kind: 'failed', code: 'nothing' };
  // Rare: loaded when somebody asks for it.
  return (await import('../../sync/rescue')).saveLocked(found);
}

async function unsentIn(db: string): Promise<number> {
  if (db === currentDesk()?.member.db) {
    return unsent(currentDesk()?.operations.values() ?? []).length;
  }
  return inStore(db, async (store) => {
    const outbox = await store.read(['outbox'], (tx) => tx.all<OwnOperation>('outbox'));
    return unsent(outbox).length;
  });
}

export async function devices(): Promise<DeviceInfo[] | null> {
  try {
    const { data } = await call<DevicesAnswer>('/devices');
    return data.devices
      .filter(({ revoked }) => !revoked)
      .map(({ id, name, seen_at, current }) => ({ id, name, lastSeenAt: seen_at, current }));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return null;
  }
}
