import { beforeEach, describe, expect, it, vi } from 'vitest';

import type { DoorState, VisitDraft } from '../core/types';
import { openPhone, type Phone } from '../testing/phone';
import { type Member, Server, splitOperations } from '../testing/server';
import { visitsOf } from './visits/draw';
import { doorState, fold } from './visits/fold';

let server: Server;
let ann: Member;
let bo: Member;
let round = 0;

beforeEach(() => {
  round += 1;
  server = new Server();
  server.addCommunity();
  server.addBuilding('b1', 2, 3, 2);
  server.addBuilding('b2', 1, 2, 2);
  ann = server.addMember(`ann-${round}`, 'Ann', ['b1', 'b2']);
  bo = server.addMember(`bo-${round}`, 'Bo', ['b1']);
});

const D1 = 'b1-1-101';
const D2 = 'b1-1-102';
const informed = (household: string, more: Partial<VisitDraft> = {}): VisitDraft => ({
  household,
  outcome: 'informed',
  leaflets: 1,
  ...more,
});
const nobody = (household: string): VisitDraft => ({ household, outcome: 'no_answer' });

async function synced(member: Member, name?: string): Promise<Phone> {
  const phone = await openPhone(server, member, name);
  await phone.sync();
  return phone;
}

/** The state of every door as somebody would see it who has only the server's rows. */
function truth(building: string): Record<string, DoorState> {
  return Object.fromEntries(
    server.truth(building).map((row) => [row.id, doorState(fold(visitsOf(row.visits)))]),
  );
}

async function seen(phone: Phone, building: string): Promise<Record<string, DoorState>> {
  const { doors } = await phone.view(building);
  return Object.fromEntries([...doors].map(([id, door]) => [id, door.state]));
}

const summary = (phone: Phone, id: string) =>
  phone.state.buildings.value.find((building) => building.id === id);

describe('a save', () => {
  it('is on the phone, counted and drawn before anything is sent', async () => {
    const phone = await synced(ann);
    const saved = await phone.actions.record('b1', informed(D1, { app: 'helped' }));
    expect(saved.operations).toHaveLength(1);
    expect((await phone.door('b1', D1)).display).toBe('installed');
    expect(summary(phone, 'b1')).toMatchObject({
      counts: { households: 12, knocked: 1, reached: 1, installed: 1, leaflets: 1 },
      unsent: 1,
    });
    expect(phone.state.sync.value.unsent).toBe(1);
    expect(phone.state.today.value).toMatchObject({ doors: 1, visits: 1, leaflets: 1, helped: 1 });
    expect(server.kept.size).toBe(0);
  });

  it('survives that the app is killed, with the summary that belongs to it', async () => {
    const first = await synced(ann);
    await first.actions.record('b1', informed(D1));
    first.kill();
    const again = await openPhone(server, ann);
    expect(again.state.sync.value.unsent).toBe(1);
    expect(summary(again, 'b1')?.counts.reached).toBe(1);
    expect(again.state.today.value.doors).toBe(1);
    expect((await again.door('b1', D1)).display).toBe('informed');
    await again.sync();
    expect(server.kept.size).toBe(1);
  });

  it('that fails in the middle leaves neither operation nor count', async () => {
    const phone = await synced(ann);
    const real = IDBObjectStore.prototype.put;
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
      this: IDBObjectStore,
      ...given
    ) {
      if (this.name === 'summaries') throw new DOMException('full', 'QuotaExceededError');
      return real.apply(this, given as [unknown, string]);
    });
    await expect(phone.actions.record('b1', informed(D1))).rejects.toThrow();
    vi.mocked(IDBObjectStore.prototype.put).mockRestore();
    expect(phone.state.sync.value.unsent).toBe(0);
    expect((await phone.door('b1', D1)).display).toBe('untouched');
    phone.kill();
    const again = await openPhone(server, ann);
    expect(again.state.sync.value.unsent).toBe(0);
    expect(summary(again, 'b1')?.counts.knocked).toBe(0);
  });

  it('works at any moment of a sync, in a building that is only now being opened', async () => {
    (await synced(ann)).kill();
    for (let gap = 0; gap < 12; gap++) {
      const phone = await openPhone(server, ann);
      const later = async (turns: number, door: string, id: string): Promise<void> => {
        for (let i = 0; i < turns; i++) await new Promise((done) => setImmediate(done));
        await phone.actions.record(id, nobody(door));
      };
      const before = phone.state.today.value.visits;
      await Promise.all([
        phone.sync(),
        later(gap, D1, 'b1'),
        later(gap + 1, 'b2-1-101', 'b2'),
        later(2 * gap, D2, 'b1'),
      ]);
      expect(phone.state.today.value.visits).toBe(before + 3);
      phone.kill();
    }
  });

  it('proposes the rest of the floor, then the floor below', async () => {
    const phone = await synced(ann);
    expect(phone.doors.nextDoor('b1', null, '1')?.room).toBe('301');
    const rooms: (string | undefined)[] = [];
    let door = 'b1-1-302';
    for (let i = 0; i < 6; i++) {
      const saved = await phone.actions.record('b1', nobody(door));
      rooms.push(`${saved.next?.unit}-${saved.next?.room}`);
      door = saved.next?.household ?? '';
    }
    expect(rooms).toEqual(['1-301', '1-201', '1-202', '1-101', '1-102', '2-301']);
  });

  it('says "nobody home" for a floor in one go, leaving out who was met today', async () => {
    const phone = await synced(ann);
    await phone.actions.record('b1', informed(D1));
    const saved = await phone.actions.recordFloorNobodyHome('b1', '1', 1);
    expect(saved.doors).toEqual([D2]);
    await phone.actions.undo(saved);
    expect((await phone.door('b1', D2)).display).toBe('untouched');
    expect((await phone.door('b1', D1)).display).toBe('informed');
  });

  it('is refused when the server would hold it', async () => {
    const phone = await synced(ann);
    const tries: [VisitDraft, string][] = [
      [{ household: D1, outcome: 'no_answer', app: 'installed' }, 'app'],
      [{ household: D1, outcome: 'vacant', followUpOn: '2026-12-01' }, 'follow_up_on'],
      [informed(D1, { flags: ['elderly'] }), 'flags'],
      [informed(D1, { leaflets: 100 }), 'leaflets'],
      [informed(D1, { note: 'x'.repeat(501) }), 'note'],
    ];
    for (const [draft, field] of tries) {
      await expect(phone.actions.record('b1', draft)).rejects.toMatchObject({ field });
    }
    await expect(phone.actions.record('b9', informed(D1))).rejects.toThrow('no_such_building');
    expect(phone.state.sync.value.unsent).toBe(0);
  });
});

describe('a push', () => {
  it('sends the same bytes again when the answer was lost, and counts once', async () => {
    const phone = await synced(ann);
    await phone.actions.record('b1', informed(D1, { note: '女儿 "周末" 在家 \\ 🚪' }));
    phone.fault = (path) => (path === '/sync/push' ? 'lose_answer' : null);
    await phone.sync();
    expect(phone.state.sync.value).toMatchObject({ unsent: 1, error: 'offline' });
    phone.fault = () => null;
    await phone.sync();
    const [first, second] = server.pushes.map(splitOperations);
    expect(second).toEqual(first);
    expect(phone.state.sync.value).toMatchObject({ unsent: 0, error: null });
    expect(summary(phone, 'b1')?.counts).toMatchObject({ reached: 1, leaflets: 1 });
    expect(server.truth('b1').find(({ id }) => id === D1)?.visits?.id).toHaveLength(1);
  });

  it('hashes exactly what travels', async () => {
    const phone = await synced(ann);
    await phone.actions.record('b1', informed(D1, { note: '数字 １２' }));
    const [operation] = [...phone.desk.operations.values()];
    await phone.sync();
    const text = splitOperations(server.pushes[0] ?? '')[0] ?? '';
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
    expect(Buffer.from(digest).toString('hex')).toBe(operation?.hash);
  });

  it('goes oldest first, at most 500 in one body', async () => {
    const phone = await synced(ann);
    for (let i = 0; i < 260; i++) {
      const saved = await phone.actions.recordFloorNobodyHome('b2', '1', 1);
      if (saved.operations.length > 0) await phone.actions.undo(saved);
    }
    expect(phone.state.sync.value.unsent).toBeGreaterThan(1_000);
    await phone.sync();
    const sizes = server.pushes.map((body) => splitOperations(body).length);
    expect(Math.max(...sizes)).toBe(500);
    const ids = server.pushes.flatMap(splitOperations).map((text) => JSON.parse(text).id as string);
    expect(ids).toEqual([...ids].sort());
    expect(phone.state.sync.value.unsent).toBe(0);
  }, 60_000);

  it('tries once more with a fresh token when its token was refused', async () => {
    const phone = await synced(ann);
    await phone.actions.record('b1', informed(D1));
    phone.fault = (path) => {
      // The token dies between asking for it and using it, once.
      if (path === '/sync/push' && server.pushes.length === 0) {
        phone.fault = () => null;
        server.expireTokens();
      }
      return null;
    };
    await phone.sync();
    expect(phone.state.sync.value).toMatchObject({ unsent: 0, error: null });
  });

  it('keeps everything when nobody is signed in, and asks to sign in', async () => {
    const phone = await synced(ann);
    await phone.actions.record('b1', informed(D1));
    phone.fault = () => 401;
    await phone.sync();
    expect(phone.sessions.at(-1)).toBe('sign_in_again');
    expect(phone.state.sync.value).toMatchObject({ unsent: 1, error: 'sign_in' });
    await phone.actions.record('b1', nobody(D2));
    phone.fault = () => null;
    await phone.sync();
    expect(server.kept.size).toBe(2);
  });

  it('never goes out under somebody else who signed in in the same browser', async () => {
    const phone = await synced(ann);
    await phone.actions.record('b1', informed(D1));
    const mine = server.session.bind(server);
    server.session = (_who, device) => mine(bo, device);
    await phone.sync();
    expect(phone.sessions.at(-1)).toBe('sign_in_again');
    expect(server.kept.size).toBe(0);
  });

  it('makes smaller bodies when one is too large on the way', async () => {
    const phone = await synced(ann);
    await phone.actions.recordFloorNobodyHome('b1', '1', 1);
    await phone.actions.recordFloorNobodyHome('b1', '1', 2);
    let refused = 0;
    phone.fault = (path) => (path === '/sync/push' && refused++ < 2 ? 413 : null);
    await phone.sync();
    expect(server.kept.size).toBe(4);
  });

  it('asks for an update below min_client, after it has pushed', async () => {
    const phone = await synced(ann);
    server.minClient = 99;
    await phone.actions.record('b1', informed(D1));
    await phone.sync();
    expect(server.kept.size).toBe(1);
    expect(phone.state.update.value.required).toBe(true);
  });
});

describe('held, waiting and dismissed', () => {
  it('a held visit is shown with its code and never folded; released it counts', async () => {
    const phone = await synced(bo);
    server.unassign(bo, 'b1');
    const saved = await phone.actions.record('b1', informed(D1));
    await phone.sync();
    expect(phone.state.outbox.value).toMatchObject([{ status: 'held', code: 'not_assigned' }]);
    expect(await phone.door('b1', D1)).toMatchObject({ display: 'untouched', open: 1, unsent: 0 });
    expect(summary(phone, 'b1')).toMatchObject({ counts: { knocked: 0 }, yours: false });
    server.become(saved.operations[0] ?? '', 'accepted');
    await phone.sync();
    expect(phone.state.outbox.value).toEqual([]);
    // Nothing of it is open any more: a building that is not theirs leaves the phone.
    await phone.sync();
    expect(summary(phone, 'b1')).toBeUndefined();
  });

  it('a held visit whose answer was lost is held all the same, with its code', async () => {
    const phone = await synced(bo);
    server.unassign(bo, 'b1');
    await phone.actions.record('b1', informed(D1));
    phone.fault = (path) => (path === '/sync/push' ? 'lose_answer' : null);
    await phone.sync();
    phone.fault = () => null;
    await phone.sync();
    expect(phone.state.outbox.value).toMatchObject([{ status: 'held', code: 'not_assigned' }]);
    expect(summary(phone, 'b1')?.counts.knocked).toBe(0);
  });

  it('a dismissed visit is not drawn any more', async () => {
    const phone = await synced(bo);
    server.unassign(bo, 'b1');
    const saved = await phone.actions.record('b1', informed(D1));
    await phone.sync();
    server.assign(bo.id, 'b1');
    server.become(saved.operations[0] ?? '', 'dismissed');
    await phone.sync();
    expect(await phone.door('b1', D1)).toMatchObject({ display: 'untouched', open: 0 });
    expect(phone.doors.doorHistory(phone.desk, 'b1', D1).items).toEqual([]);
  });

  it('a void that waits for its target is taken up when the target comes', async () => {
    const phone = await synced(ann);
    const saved = await phone.actions.record('b1', informed(D1));
    await phone.actions.undo(saved);
    // Only the void gets through: the visit is kept back.
    const visit = [...phone.desk.operations.values()][0];
    if (!visit) throw new Error('nothing recorded');
    await phone.desk.change((change) => change.putOperation({ ...visit, status: 'refused' }));
    await phone.sync();
    expect(phone.statuses().sort()).toEqual(['refused', 'waiting']);
    await phone.desk.change((change) => change.putOperation({ ...visit, status: 'unsent' }));
    await phone.sync();
    await phone.sync();
    expect(phone.state.outbox.value).toEqual([]);
    expect((await phone.door('b1', D1)).display).toBe('untouched');
    expect(truth('b1')[D1]?.display).toBe('untouched');
  });

  it('a moment that the server capped is used from then on', async () => {
    const phone = await synced(ann);
    phone.offset = 3_600_000;
    phone.desk.clock.skew = 0;
    const saved = await phone.actions.record('b1', informed(D1));
    phone.fault = (path) => (path === '/sync/pull' ? 500 : null);
    await phone.sync();
    const operation = phone.desk.operations.get(saved.operations[0] ?? '');
    expect(operation).toMatchObject({ status: 'accepted', capped: true, moment: server.now });
    expect((await phone.door('b1', D1)).state.last_at).toBe(server.now);
  });
});

describe('a pull', () => {
  it('brings buildings, team and assignment; a second one brings nothing', async () => {
    const phone = await synced(ann);
    expect(phone.state.buildings.value.map(({ id }) => id).sort()).toEqual(['b1', 'b2']);
    expect(phone.state.community.value?.name).toBe('Demo');
    expect(phone.state.team.value.map(({ name }) => name)).toEqual(['Ann', 'Bo']);
    const before = phone.desk.meta.cursors;
    await phone.sync();
    expect(phone.desk.meta.cursors).toEqual(before);
    expect(phone.state.sync.value).toMatchObject({ firstPull: false, error: null });
  });

  it('goes on where it stopped when it breaks off between pages', async () => {
    server.page = 5;
    const phone = await openPhone(server, ann);
    let pulls = 0;
    phone.fault = (path) => (path === '/sync/pull' && ++pulls > 2 ? 'lose_answer' : null);
    await phone.sync();
    expect(phone.state.sync.value.firstPull).toBe(true);
    phone.kill();
    const again = await synced(ann);
    expect(await seen(again, 'b1')).toEqual(truth('b1'));
    expect(summary(again, 'b1')?.counts.households).toBe(12);
    expect(summary(again, 'b2')?.counts.households).toBe(4);
  });

  it('lays over the rows only what they may not know of', async () => {
    const phone = await synced(ann);
    await phone.actions.record('b1', informed(D1));
    // Pushed, but the pull that follows does not come through.
    phone.fault = (path) => (path === '/sync/pull' ? 'lose_answer' : null);
    await phone.sync();
    expect(phone.statuses()).toEqual(['accepted']);
    expect((await phone.door('b1', D1)).display).toBe('informed');
    phone.fault = () => null;
    await phone.sync();
    expect(phone.statuses()).toEqual([]);
    expect((await phone.door('b1', D1)).state).toMatchObject({ knocks: 1, leaflets: 1 });
  });

  it('lets yesterday’s visit be voided offline', async () => {
    const phone = await synced(ann);
    const saved = await phone.actions.record('b1', informed(D1));
    await phone.sync();
    server.now += 86_400_000;
    await phone.actions.voidOperation('b1', saved.operations[0] ?? '', 'wrong_door');
    expect((await phone.door('b1', D1)).display).toBe('untouched');
    expect(phone.doors.doorHistory(phone.desk, 'b1', D1).items).toMatchObject([
      { voided: true, mayVoid: false, mine: true },
    ]);
    await phone.sync();
    expect(truth('b1')[D1]?.knocks).toBe(0);
    expect((await phone.door('b1', D1)).state.knocks).toBe(0);
  });

  it('still draws what was answered after it began: its rows may not know of that', async () => {
    const phone = await synced(ann);
    await phone.actions.record('b1', informed(D1));
    const operation = [...phone.desk.operations.values()][0];
    if (!operation) throw new Error('nothing recorded');
    let meanwhile: Promise<void> | undefined;
    // Not unsent, so that the run goes on to the pull; answered only while the pull is under way.
    await phone.desk.change((change) => change.putOperation({ ...operation, status: 'waiting' }));
    phone.fault = (path) => {
      if (path === '/sync/pull') {
        meanwhile = phone.desk.change((change) => {
          change.meta.tick += 1;
          change.putOperation({
            ...operation,
            status: 'accepted',
            answered: change.meta.tick,
          });
        });
      }
      return null;
    };
    await phone.sync();
    await meanwhile;
    expect(phone.statuses()).toEqual(['accepted']);
    expect((await phone.door('b1', D1)).display).toBe('informed');
  });

  it('after a reset has no door that the server does not have', async () => {
    const phone = await synced(ann);
    await phone.view('b1');
    server.forgetDoor('b1', D2);
    server.restore(() => false);
    await phone.sync();
    expect((await phone.view('b1')).doors.has(D2)).toBe(false);
    expect(summary(phone, 'b1')?.counts.households).toBe(11);
  });

  it('joins a door added here to one with its key that came meanwhile', async () => {
    const [a, b] = [await synced(ann), await synced(bo)];
    await b.view('b1');
    const first = await a.actions.addDoor('b1', { unit: '2', floor: 3, room: '303' });
    await a.actions.record('b1', informed(first.next?.household ?? ''));
    await a.sync();
    let added: ReturnType<typeof b.actions.addDoor> | undefined;
    b.fault = (path) => {
      if (path === '/sync/pull')
        added ??= b.actions.addDoor('b1', { unit: '2', floor: 3, room: '０303' });
      // The run that would send it does not come through.
      return added && path === '/sync/push' ? 500 : null;
    };
    await b.sync();
    const mine = (await added)?.next?.household ?? '';
    expect(b.state.sync.value.unsent).toBe(1);
    expect((await b.door('b1', mine)).household).toBe(first.next?.household);
    server.now += 1_000;
    await b.actions.record('b1', nobody(mine));
    expect((await b.door('b1', mine)).state).toMatchObject({ knocks: 2, tries: 1 });
    expect(summary(b, 'b1')?.counts.households).toBe(13);
    b.fault = () => null;
    await b.sync();
    expect(await seen(b, 'b1')).toEqual(truth('b1'));
  });

  it('forgets a bucket that is reset, and fills it anew', async () => {
    const phone = await synced(ann);
    await phone.actions.record('b1', informed(D1));
    await phone.sync();
    await phone.desk.change((change) => {
      change.meta.cursors['building:b1'] = 'e1.999999';
    });
    await phone.sync();
    expect(await seen(phone, 'b1')).toEqual(truth('b1'));
    expect(summary(phone, 'b1')?.counts).toMatchObject({ households: 12, reached: 1 });
  });

  it('drops a building that is not mine any more, but not while something of it is unsent', async () => {
    const phone = await synced(bo);
    server.unassign(bo, 'b1');
    await phone.actions.record('b1', nobody(D1));
    phone.fault = (path) => (path === '/sync/push' ? 'lose_request' : null);
    await phone.sync();
    expect(summary(phone, 'b1')?.unsent).toBe(1);
    phone.fault = () => null;
    server.assign(bo.id, 'b1');
    await phone.sync();
    server.unassign(bo, 'b1');
    await phone.sync();
    expect(phone.state.buildings.value).toEqual([]);
    expect(phone.doors.building(phone.desk, 'b1').value).toBeNull();
  });

  it('after a restore sends again what the server lacks, and counts nothing twice', async () => {
    const phone = await synced(ann);
    const early = await phone.actions.record('b1', informed(D1));
    const late = await phone.actions.record('b1', informed(D2));
    await phone.sync();
    expect(phone.statuses()).toEqual([]);
    server.restore((id) => late.operations.includes(id));
    expect(truth('b1')[D2]?.knocks).toBe(0);
    await phone.sync();
    await phone.sync();
    expect([...server.kept.keys()].sort()).toEqual(
      [...early.operations, ...late.operations].sort(),
    );
    expect(await seen(phone, 'b1')).toEqual(truth('b1'));
    expect(summary(phone, 'b1')?.counts).toMatchObject({ reached: 2, leaflets: 2 });
  });

  it('keeps own operations for 90 days after confirmation, then their count and digest', async () => {
    const phone = await synced(ann);
    const saved = await phone.actions.record('b1', informed(D1));
    const hash = [...phone.desk.operations.values()][0]?.hash;
    await phone.sync();
    const logged = () => phone.desk.store.read(['log'], (tx) => tx.keys('log'));
    server.now += 89 * 86_400_000;
    await phone.sync();
    expect(await logged()).toEqual(saved.operations);
    server.now += 2 * 86_400_000;
    await phone.sync();
    expect(await logged()).toEqual([]);
    expect(phone.desk.meta.pruned).toEqual({ count: 1, digest: hash });
  });
});

describe('new doors and wishes', () => {
  it('a new door is there at once and takes visits', async () => {
    const phone = await synced(ann);
    const saved = await phone.actions.addDoor('b1', { unit: '1', floor: 3, room: '303' });
    const door = saved.next?.household ?? '';
    await phone.actions.record('b1', informed(door));
    expect((await phone.door('b1', door)).display).toBe('informed');
    expect(summary(phone, 'b1')?.counts).toMatchObject({ households: 13, reached: 1 });
    await phone.sync();
    expect(await seen(phone, 'b1')).toEqual(truth('b1'));
  });

  it('a door whose key exists is refused, whatever the digits look like', async () => {
    const phone = await synced(ann);
    await expect(
      phone.actions.addDoor('b1', { unit: '０１', floor: 1, room: '0101' }),
    ).rejects.toMatchObject({ code: 'exists', field: D1 });
  });

  it('two phones that add the same door get one door with both visits', async () => {
    const [a, b] = [await synced(ann), await synced(bo)];
    const first = await a.actions.addDoor('b1', { unit: '2', floor: 3, room: '303' });
    const second = await b.actions.addDoor('b1', { unit: '2', floor: 3, room: '0303' });
    await a.actions.record('b1', informed(first.next?.household ?? ''));
    await b.actions.record('b1', nobody(second.next?.household ?? ''));
    for (const phone of [a, b, a]) await phone.sync();
    expect(await seen(a, 'b1')).toEqual(truth('b1'));
    expect(await seen(b, 'b1')).toEqual(truth('b1'));
    expect((await b.door('b1', second.next?.household ?? '')).state.knocks).toBe(2);
    expect(summary(b, 'b1')?.counts.households).toBe(13);
  });

  it('undoing a new door takes it away again, here and there', async () => {
    const phone = await synced(ann);
    const saved = await phone.actions.addDoor('b1', { unit: '1', floor: 3, room: '303' });
    await phone.sync();
    await phone.actions.undo(saved);
    expect(summary(phone, 'b1')?.counts.households).toBe(12);
    await phone.sync();
    expect(summary(phone, 'b1')?.counts.households).toBe(12);
  });

  it('a wish is passed by, stays in households, and can be lifted', async () => {
    const phone = await synced(ann);
    await phone.actions.recordWish('b1', 'b1-1-301', { no_visits_until: '2026-12-24' });
    expect(await phone.door('b1', 'b1-1-301')).toMatchObject({ skipped: true });
    expect(phone.doors.nextDoor('b1', null, '1')?.room).toBe('302');
    expect(summary(phone, 'b1')?.counts.households).toBe(12);
    await phone.sync();
    expect((await phone.door('b1', 'b1-1-301')).wish).toEqual({ no_visits_until: '2026-12-24' });
    await phone.actions.recordWish('b1', 'b1-1-301', {});
    expect((await phone.door('b1', 'b1-1-301')).wish).toBeNull();
  });

  it('outcome only: neither note nor flags are written down or shown', async () => {
    const phone = await synced(ann);
    await phone.actions.record('b1', informed(D1, { flags: ['elderly'], agreed: true, note: 'x' }));
    await phone.actions.recordWish('b1', D1, { outcome_only: true });
    await phone.actions.record('b1', informed(D1, { flags: ['elderly'], agreed: true, note: 'y' }));
    expect((await phone.door('b1', D1)).state.flags).toBeNull();
    const { items } = phone.doors.doorHistory(phone.desk, 'b1', D1);
    expect(items.map(({ note, flags }) => [note, flags])).toEqual([
      [null, null],
      [null, null],
    ]);
    await phone.sync();
    expect(server.pushes.join()).not.toContain('"y"');
  });
});

describe('two phones', () => {
  it('that log the same door both keep their visit and see the same', async () => {
    const [a, b] = [await synced(ann), await synced(bo)];
    await a.actions.record('b1', informed(D1, { app: 'installed' }));
    server.now += 60_000;
    await b.actions.record('b1', nobody(D1));
    for (const phone of [b, a, b]) await phone.sync();
    expect(await seen(a, 'b1')).toEqual(await seen(b, 'b1'));
    expect((await a.door('b1', D1)).state).toMatchObject({ knocks: 2, tries: 1, app: 'installed' });
    expect(a.doors.doorHistory(a.desk, 'b1', D1).items.map(({ by }) => by)).toEqual(['Bo', 'Ann']);
  });

  it('of one member count together what was done today, each visit once', async () => {
    const a = await synced(ann);
    const b = await synced(ann, `${ann.id}-2`);
    await a.actions.record('b1', informed(D1, { leaflets: 2 }));
    const wrong = await a.actions.record('b1', nobody(D2));
    await b.actions.record('b2', informed('b2-1-101', { app: 'helped' }));
    for (const phone of [a, b, a]) await phone.sync();
    const all = { doors: 3, visits: 3, informed: 2, leaflets: 3, helped: 1 };
    expect(a.state.today.value).toMatchObject(all);
    expect(b.state.today.value).toMatchObject(all);
    // Taken back here, and known there after the next pull.
    await a.actions.voidOperation('b1', wrong.operations[0] ?? '', 'wrong_door');
    expect(a.state.today.value).toMatchObject({ doors: 2, visits: 2 });
    for (const phone of [a, b]) await phone.sync();
    expect(b.state.today.value).toMatchObject({ doors: 2, visits: 2 });
    server.now += 24 * 3_600_000;
    await b.sync();
    expect(b.state.today.value).toMatchObject({ doors: 0, visits: 0 });
  });

  it('may not void each other’s visits', async () => {
    const [a, b] = [await synced(ann), await synced(bo)];
    const saved = await a.actions.record('b1', informed(D1));
    for (const phone of [a, b]) await phone.sync();
    await b.view('b1');
    expect(b.doors.doorHistory(b.desk, 'b1', D1).items).toMatchObject([{ mayVoid: false }]);
    await b.actions.voidOperation('b1', saved.operations[0] ?? '', 'other');
    await b.sync();
    expect(b.state.outbox.value).toMatchObject([{ type: 'void', code: 'not_yours' }]);
    expect((await b.door('b1', D1)).display).toBe('informed');
  });

  it('agree with a new phone after anything in any order, with answers lost and apps killed', async () => {
    for (const seed of [1, 2, 3, 4]) await anything(seed);
  }, 120_000);
});

/** Random work on two phones: records, corrections, lost requests and answers, kills, resets. */
async function anything(seed: number): Promise<void> {
  let x = seed * 2_654_435_761;
  const random = (below: number): number => {
    x = (Math.imul(x ^ (x >>> 15), 2_246_822_519) + 374_761_393) >>> 0;
    return x % below;
  };
  const phones = [await synced(ann, `${ann.id}-s${seed}`), await synced(bo, `${bo.id}-s${seed}`)];
  const members = [ann, bo];
  const drafts: ((door: string) => VisitDraft)[] = [
    (door) => informed(door, { app: 'helped' }),
    (door) => informed(door, { flags: ['elderly'], agreed: true }),
    nobody,
    (household) => ({ household, outcome: 'refused' }),
    (household) => ({ household, outcome: 'come_back', followUpOn: '2026-11-29' }),
    (household) => ({ household, outcome: 'vacant' }),
  ];
  for (let step = 0; step < 60; step++) {
    const turn = random(2);
    let phone = phones[turn] as Phone;
    const doors = [...(await phone.view('b1')).doors.values()];
    const door = doors[random(doors.length)]?.household ?? '';
    const draft = (drafts[random(drafts.length)] ?? nobody)(door);
    server.now += random(3) * 1_000;
    phone.offset = (random(5) - 2) * 60_000;
    const kind = random(10);
    if (kind < 4) await phone.actions.record('b1', draft);
    if (kind === 4) await phone.actions.undo(await phone.actions.record('b1', draft));
    if (kind === 5) {
      const [last] = phone.doors.doorHistory(phone.desk, 'b1', door).items;
      if (last?.mayVoid) await phone.actions.correct('b1', last.id, draft);
    }
    if (kind === 6) {
      const room = `9${String(random(4)).padStart(2, '0')}`;
      await phone.actions.addDoor('b1', { unit: '1', floor: 9, room }).catch(() => {});
    }
    if (kind >= 7) {
      const fault = random(4);
      phone.fault = (path, method) => {
        if (method === 'GET' || random(3) > 0) return null;
        if (fault === 0) return 'lose_answer';
        return fault === 1 && path === '/sync/pull' ? 500 : null;
      };
      await phone.sync();
      phone.fault = () => null;
    }
    if (kind === 9) {
      phone.kill();
      const who = members[turn] as Member;
      phone = await openPhone(server, who, `${who.id}-s${seed}`);
      phones[turn] = phone;
    }
  }
  for (const phone of [...phones, ...phones, ...phones]) {
    phone.offset = 0;
    await phone.sync();
  }
  const fresh = await synced(ann, `${ann.id}-fresh${seed}`);
  const expected = truth('b1');
  for (const phone of [...phones, fresh]) {
    expect(phone.state.sync.value.unsent).toBe(0);
    expect(await seen(phone, 'b1')).toEqual(expected);
    expect(summary(phone, 'b1')?.counts).toEqual(summary(fresh, 'b1')?.counts);
    expect(summary(phone, 'b1')?.states).toEqual(summary(fresh, 'b1')?.states);
    phone.kill();
  }
}

describe('two tabs of one phone', () => {
  it('show the same, and neither writes over what the other saved', async () => {
    const one = await synced(ann);
    const two = await openPhone(server, ann);
    await two.view('b1');
    await one.actions.record('b1', informed(D1));
    await vi.waitFor(() => expect(two.state.sync.value.unsent).toBe(1));
    await vi.waitFor(async () => expect((await two.door('b1', D1)).display).toBe('informed'));
    await Promise.all([
      one.actions.record('b1', informed(D2)),
      two.actions.record('b1', informed('b1-1-201')),
    ]);
    await vi.waitFor(() => {
      for (const tab of [one, two]) {
        expect(tab.state.sync.value.unsent).toBe(3);
        expect(summary(tab, 'b1')?.counts.reached).toBe(3);
      }
    });
    await two.sync();
    await vi.waitFor(() => expect(one.state.sync.value.unsent).toBe(0));
    expect(await seen(one, 'b1')).toEqual(truth('b1'));
  });

  it('do not write over each other where tabs cannot hear each other', async () => {
    vi.stubGlobal('BroadcastChannel', undefined);
    const one = await openPhone(server, ann);
    await one.sync();
    vi.stubGlobal('BroadcastChannel', undefined);
    const two = await openPhone(server, ann);
    vi.unstubAllGlobals();
    await two.view('b1');
    await one.actions.record('b1', informed(D1));
    await two.actions.record('b1', informed(D2));
    expect(two.state.sync.value.unsent).toBe(2);
    expect(summary(two, 'b1')?.counts.reached).toBe(2);
    one.kill();
    two.kill();
    const again = await openPhone(server, ann);
    expect(summary(again, 'b1')?.counts.reached).toBe(2);
    expect(await seen(again, 'b1')).toMatchObject({
      [D1]: { display: 'informed' },
      [D2]: { display: 'informed' },
    });
  });
});
