/** Doors and buildings that turn out to be one, and two again, on phones that have work of their own. */
import { beforeEach, describe, expect, it } from 'vitest';

import type { Door } from '../core/types';
import { openPhone, type Phone } from '../testing/phone';
import { type Member, Server } from '../testing/server';

let server: Server;
let ann: Member;
let round = 0;

const A = 'b1-1-101';
const B = 'b1-1-102';
const C = 'b2-1-201';

beforeEach(() => {
  round += 1;
  server = new Server();
  server.addCommunity();
  server.addBuilding('b1', 1, 1, 2);
  server.addBuilding('b2', 1, 2, 1);
  ann = server.addMember(`ann-${round}`, 'Ann', ['b1', 'b2']);
});

async function synced(): Promise<Phone> {
  const phone = await openPhone(server, ann);
  await phone.sync();
  return phone;
}

const informed = (household: string) => ({ household, outcome: 'informed' as const });

const summary = (phone: Phone, id: string) =>
  phone.state.buildings.value.find((building) => building.id === id);

async function doorsOf(phone: Phone, building: string): Promise<Record<string, Door>> {
  return Object.fromEntries((await phone.view(building)).doors);
}

/** Whether a phone that slept has what a new one gets. */
async function likeNew(phone: Phone, building: string): Promise<void> {
  const fresh = await openPhone(server, ann, `fresh-${round}`);
  await fresh.sync();
  expect(await doorsOf(phone, building)).toEqual(await doorsOf(fresh, building));
  fresh.kill();
}

describe('doors that were merged', () => {
  it('are one door, with all visits of both', async () => {
    const phone = await synced();
    await phone.actions.record('b1', informed(B));
    await phone.sync();
    server.mergeDoors(A, B);
    await phone.sync();
    expect([...(await phone.view('b1')).doors.keys()]).toEqual([A]);
    expect(await phone.door('b1', B)).toMatchObject({ household: A, display: 'informed' });
    expect(summary(phone, 'b1')?.counts).toMatchObject({ households: 1, reached: 1 });
    await likeNew(phone, 'b1');
  });

  it('show own unsent work of the merged id at the door that stays', async () => {
    const phone = await synced();
    await phone.view('b1');
    server.mergeDoors(A, B);
    let saved: Promise<unknown> | null = null;
    phone.heard = (path) => {
      if (path === '/sync/pull') saved ??= phone.actions.record('b1', informed(B));
    };
    phone.fault = (path) => (path === '/sync/push' ? 503 : null);
    await phone.online(async () => {
      await phone.engine.sync();
      await saved;
    });
    phone.fault = () => null;
    expect(await phone.door('b1', A)).toMatchObject({ display: 'informed', unsent: 1 });
    await phone.sync();
    expect(JSON.parse([...server.kept.values()][0]?.text ?? '')).toMatchObject({ household: B });
    expect(await phone.door('b1', A)).toMatchObject({ display: 'informed', unsent: 0 });
    await likeNew(phone, 'b1');
  });

  it('keep what is recorded under the old id after they are known to be one', async () => {
    const phone = await synced();
    server.mergeDoors(A, B);
    await phone.sync();
    await phone.actions.record('b1', informed(B));
    expect(await phone.door('b1', A)).toMatchObject({ display: 'informed', unsent: 1 });
    expect(server.kept.size).toBe(0);
    await phone.sync();
    expect(JSON.parse([...server.kept.values()][0]?.text ?? '')).toMatchObject({ household: A });
    await likeNew(phone, 'b1');
  });

  it('are two again with what belongs to each, also what was unsent meanwhile', async () => {
    const phone = await synced();
    await phone.actions.record('b1', informed(B));
    await phone.sync();
    server.mergeDoors(A, B);
    await phone.sync();
    await phone.actions.record('b1', { household: A, outcome: 'refused' });
    server.unmergeDoor(B);
    await phone.sync();
    expect((await phone.door('b1', A)).display).toBe('refused');
    expect((await phone.door('b1', B)).display).toBe('informed');
    await likeNew(phone, 'b1');
  });

  it('may be merged while a visit there is held: it is drawn at the door that stays', async () => {
    const phone = await synced();
    await phone.actions.record('b1', informed(B));
    server.unassign(ann, 'b1');
    await phone.sync();
    server.assign(ann.id, 'b1');
    server.mergeDoors(A, B);
    await phone.sync();
    expect(await phone.door('b1', A)).toMatchObject({ open: 1, display: 'untouched' });
    server.become([...server.kept.keys()][0] ?? '', 'accepted');
    await phone.sync();
    expect(await phone.door('b1', A)).toMatchObject({ open: 0, display: 'informed' });
  });

  it('may be voided by their author under the old id', async () => {
    const phone = await synced();
    const saved = await phone.actions.record('b1', informed(B));
    await phone.sync();
    server.mergeDoors(A, B);
    await phone.sync();
    await phone.actions.voidOperation('b1', saved.operations[0] ?? '', 'wrong_door');
    expect((await phone.door('b1', A)).display).toBe('untouched');
    await phone.sync();
    await likeNew(phone, 'b1');
  });
});

describe('buildings that were merged', () => {
  /** The second building's doors move under the first one, and its bucket is nobody's any more. */
  function join(): void {
    for (const id of ['b2-1-101', C]) server.moveDoor(id, 'b1');
    server.mergeDoors(A, 'b2-1-101');
    server.unassign(ann, 'b2');
  }

  function part(): void {
    server.unmergeDoor('b2-1-101');
    server.moveDoor('b2-1-101', 'b2');
    server.moveDoor(C, 'b2');
    server.assign(ann.id, 'b2');
  }

  it('leave the phone, and their doors are in the one that stays', async () => {
    const phone = await synced();
    await phone.actions.record('b2', informed(C));
    await phone.sync();
    join();
    await phone.sync();
    expect(phone.state.buildings.value.map(({ id }) => id)).toEqual(['b1']);
    expect((await phone.door('b1', C)).display).toBe('informed');
    expect(summary(phone, 'b1')?.counts).toMatchObject({ households: 3, reached: 1 });
    await likeNew(phone, 'b1');
  });

  it('take along what is recorded while the phone learns of it', async () => {
    const phone = await synced();
    await phone.view('b2');
    join();
    let saved: Promise<unknown> | null = null;
    phone.heard = (path) => {
      // After the push, before the answer to the pull: to the phone both buildings are there.
      if (path === '/sync/pull') saved ??= phone.actions.record('b2', informed(C));
    };
    phone.fault = (path) => (path === '/sync/push' ? 503 : null);
    await phone.online(async () => {
      await phone.engine.sync();
      await saved;
    });
    phone.fault = () => null;
    expect(server.kept.size).toBe(0);
    expect(phone.state.buildings.value).toMatchObject([{ id: 'b1', unsent: 1 }]);
    expect(await phone.door('b1', C)).toMatchObject({ display: 'informed', unsent: 1 });
    await phone.sync();
    expect(server.kept.size).toBe(1);
    await likeNew(phone, 'b1');
  });

  it('show held work at the door where it stands now', async () => {
    const phone = await synced();
    await phone.actions.record('b2', informed(C));
    server.unassign(ann, 'b2');
    await phone.sync();
    expect(phone.statuses()).toEqual(['held']);
    server.moveDoor(C, 'b1');
    await phone.sync();
    expect(phone.state.buildings.value.map(({ id }) => id)).toEqual(['b1']);
    expect((await phone.door('b1', C)).open).toBe(1);
    expect(phone.state.outbox.value[0]).toMatchObject({ door: { building: 'b1' } });
  });

  it('are two again, each with its own doors', async () => {
    const phone = await synced();
    await phone.actions.record('b1', informed(A));
    await phone.actions.record('b2', informed('b2-1-101'));
    await phone.sync();
    const before = [await doorsOf(phone, 'b1'), await doorsOf(phone, 'b2')];
    join();
    await phone.sync();
    part();
    await phone.sync();
    expect([await doorsOf(phone, 'b1'), await doorsOf(phone, 'b2')]).toEqual(before);
    await likeNew(phone, 'b1');
    await likeNew(phone, 'b2');
  });
});
