import { IDBFactory } from 'fake-indexeddb';
import { openDB } from 'idb';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { NOTHING, sumOfHashes } from '../core/digest';
import { MEMBER_STEPS } from '../core/storage';
import type { VisitDraft } from '../core/types';
import { expected } from '../sync/receipt';
import { openPhone, type Phone } from '../testing/phone';
import { type Member, Server } from '../testing/server';

let server: Server;
let ann: Member;

beforeEach(() => {
  // Not stubbed: a run of a phone takes all stubs away.
  globalThis.indexedDB = new IDBFactory();
  server = new Server();
  server.addCommunity();
  server.addBuilding('b1', 2, 3, 2);
  ann = server.addMember('ann', 'Ann', ['b1']);
});

const DOORS = ['b1-1-101', 'b1-1-102', 'b1-1-201', 'b1-1-202'];
const informed = (household: string): VisitDraft => ({ household, outcome: 'informed' });

async function synced(): Promise<Phone> {
  const phone = await openPhone(server, ann);
  await phone.sync();
  return phone;
}

async function logged(phone: Phone, doors: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const door of doors)
    ids.push(...(await phone.actions.record('b1', informed(door))).operations);
  return ids;
}

const receipt = (phone: Phone) => phone.state.receipt.value;
const all = (phone: Phone) => ({ log: phone.desk.meta.log, mine: expected(phone.desk) });

describe('the receipt', () => {
  it('is confirmed after a complete sync, with the time of the server', async () => {
    const phone = await synced();
    expect(receipt(phone)).toMatchObject({ count: 0, different: 0 });
    await logged(phone, DOORS);
    server.now += 60_000;
    await phone.sync();
    expect(receipt(phone)).toEqual({ count: 4, at: server.now, all: true, different: 0 });
    expect(all(phone).log).toEqual({ count: 4, digest: server.receipt(ann).digest });
  });

  it('is not claimed for what was recorded since', async () => {
    const phone = await synced();
    await logged(phone, DOORS.slice(0, 2));
    await phone.sync();
    await logged(phone, DOORS.slice(2));
    expect(receipt(phone)).toMatchObject({ count: 2, all: false });
    expect(phone.state.sync.value.unsent).toBe(2);
    expect(all(phone).mine).toEqual({ count: 2, digest: server.receipt(ann).digest });
  });

  it('counts what was held or waits, and leaves out what was refused', async () => {
    const phone = await synced();
    server.unassign(ann, 'b1');
    const ids = await logged(phone, DOORS.slice(0, 2));
    const refused = phone.desk.operations.get(ids[0] ?? '');
    if (!refused) throw new Error('nothing recorded');
    await phone.desk.change((change) => change.putOperation({ ...refused, status: 'refused' }));
    await phone.sync();
    expect(phone.statuses().sort()).toEqual(['held', 'refused']);
    expect(receipt(phone)).toMatchObject({ count: 1, different: 0 });
  });

  it('sends again what the server lacks without a new epoch, and is confirmed then', async () => {
    const phone = await synced();
    const ids = await logged(phone, DOORS);
    await phone.sync();
    // An older copy of the file was put in place by hand: nobody drew a new epoch.
    for (const id of ids.slice(1)) server.kept.delete(id);
    await phone.sync();
    expect([...server.kept.keys()].sort()).toEqual([...ids].sort());
    expect(receipt(phone)).toMatchObject({ count: 4, different: 0 });
    expect(phone.state.sync.value).toMatchObject({ unsent: 0, error: null });
  });

  it('lists what the server has with other bytes, sends it, and a person decides', async () => {
    const phone = await synced();
    const [id = ''] = await logged(phone, DOORS.slice(0, 1));
    await phone.sync();
    const kept = server.kept.get(id);
    if (!kept) throw new Error('not there');
    kept.text = kept.text.replace('informed', 'refused');
    phone.fault = (path) => (path === '/sync/push' ? 'lose_request' : null);
    await phone.sync();
    expect(receipt(phone)).toMatchObject({ different: 1 });
    expect(phone.state.sync.value.unsent).toBe(1);
    phone.fault = () => null;
    await phone.sync();
    expect(phone.state.outbox.value).toMatchObject([{ id, status: 'held', code: 'id_taken' }]);
    expect(receipt(phone)).toMatchObject({ count: 1, different: 0 });
  });

  it('gives up for a while when the server goes on lacking the same', async () => {
    const phone = await synced();
    await logged(phone, DOORS);
    vi.spyOn(server, 'compare').mockImplementation((pairs) => ({
      missing: pairs.map(([id]) => id),
      different: [],
    }));
    vi.spyOn(server, 'receipt').mockReturnValue({ count: 0, digest: NOTHING.digest });
    await phone.sync();
    expect(server.pushes.length).toBeLessThanOrEqual(2);
    expect(phone.state.sync.value.error).toBe('server');
  });

  it('asks in chunks of at most 20,000', async () => {
    const phone = await synced();
    const [id = ''] = await logged(phone, DOORS.slice(0, 1));
    await phone.sync();
    const one = await phone.desk.store.read(['log'], (tx) => tx.get<object>('log', id));
    await phone.desk.store.write(['log'], (tx) => {
      for (let i = 0; i < 20_000; i++) tx.put('log', `${id}-${i}`, { ...one, id: `${id}-${i}` });
    });
    const sizes: number[] = [];
    vi.spyOn(server, 'compare').mockImplementation((pairs) => {
      sizes.push(pairs.length);
      return { missing: [], different: [] };
    });
    vi.spyOn(server, 'receipt').mockReturnValue({ count: 0, digest: NOTHING.digest });
    await phone.sync();
    expect(sizes).toEqual([20_000, 1]);
  }, 60_000);

  it('adds what was pruned after the 90 days', async () => {
    const phone = await synced();
    await logged(phone, DOORS);
    await phone.sync();
    server.now += 91 * 86_400_000;
    await phone.sync();
    expect(phone.desk.meta.log).toEqual(NOTHING);
    expect(phone.desk.meta.pruned.count).toBe(4);
    await phone.sync();
    expect(receipt(phone)).toMatchObject({ count: 4, different: 0 });
    expect(server.pushes).toHaveLength(1);
  });

  it('survives that the app is closed, and residents’ data erased at sign-out', async () => {
    const first = await synced();
    await logged(first, DOORS);
    await first.sync();
    await first.desk.eraseBuckets();
    first.kill();
    const phone = await synced();
    expect(receipt(phone)).toMatchObject({ count: 4, different: 0 });
    expect(all(phone).log.count).toBe(4);
  });

  it('survives a restored server: what it lost is sent again and confirmed', async () => {
    const phone = await synced();
    const ids = await logged(phone, DOORS);
    await phone.sync();
    server.restore((id) => ids.slice(2).includes(id));
    await phone.sync();
    await phone.sync();
    expect(server.kept.size).toBe(4);
    expect(receipt(phone)).toMatchObject({ count: 4, different: 0 });
    expect(all(phone).log).toEqual({ count: 4, digest: server.receipt(ann).digest });
  });
});

describe('an upgrade from the first version', () => {
  /** A phone as the first release left it. */
  async function firstVersion(unsent: number): Promise<string[]> {
    const steps = MEMBER_STEPS.slice(0, 1);
    const db = await openDB('qiaomen-ann', 1, {
      upgrade: async (database, _from, _to, tx) => {
        for (const step of steps) await step(database, tx as never);
      },
    });
    const hashes: string[] = [];
    const tx = db.transaction(['outbox', 'log', 'meta'], 'readwrite');
    for (let i = 0; i < unsent; i++) {
      const hash = i.toString(16).padStart(64, 'a');
      const id = `019ac1f2-7a30-7c11-9d3e-${String(i).padStart(12, '0')}`;
      const logged = i % 3 === 0;
      const status = logged ? 'accepted' : i % 3 === 1 ? 'unsent' : 'refused';
      const text = JSON.stringify({ type: 'visit', id, household: DOORS[0], outcome: 'informed' });
      const operation = { id, type: 'visit', text, hash, moment: 1, status, building: null };
      await tx.objectStore(logged ? 'log' : 'outbox').put({ ...operation, door: null }, id);
      if (status !== 'refused') hashes.push(hash);
    }
    const meta = { rev: 5, tick: 1, skew: 40, epoch: 'e1', cursors: {}, scope: [], lastSyncAt: 1 };
    const pruned = { count: 2, digest: '2'.padStart(64, '0') };
    await tx.objectStore('meta').put({ ...meta, pruned }, 'sync');
    await tx.done;
    db.close();
    return hashes;
  }

  it('with a full outbox loses nothing and counts everything once', async () => {
    const hashes = await firstVersion(3_000);
    const phone = await openPhone(server, ann);
    expect(phone.state.sync.value.unsent).toBe(1_000);
    expect(phone.desk.meta.log).toEqual({ count: 2_000, digest: sumOfHashes(hashes) });
    expect(phone.desk.meta.pruned.count).toBe(2);
    expect(phone.desk.meta.skew).toBe(40);
    phone.kill();
    // Opening it again does not count again.
    const again = await openPhone(server, ann);
    expect(again.desk.meta.log.count).toBe(2_000);
  }, 60_000);

  it('of a phone that never synced needs nothing', async () => {
    (
      await openDB('qiaomen-ann', 1, {
        upgrade: (db) => MEMBER_STEPS[0]?.(db as never, null as never),
      })
    ).close();
    const phone = await openPhone(server, ann);
    expect(phone.desk.meta.log).toEqual(NOTHING);
  });
});

describe('results that come later', () => {
  it('of another operation under the same id change nothing here', async () => {
    const phone = await synced();
    const [id = ''] = await logged(phone, DOORS.slice(0, 1));
    server.unassign(ann, 'b1');
    await phone.desk.change((change) => {
      const operation = change.operations.get(id);
      if (operation) change.putOperation({ ...operation, status: 'held', code: 'id_taken' });
    });
    const row = (more: object) => ({ kind: 'result', id, status: 'accepted', ...more });
    const pull = vi.spyOn(server, 'pull');
    const answer = (rows: object[]) =>
      pull.mockReturnValueOnce({
        scope: ['me'],
        changes: { me: { cursor: `e1.${Math.random()}`, rows: rows as never, gone: [] } },
        more: false,
        server_time: new Date(server.now).toISOString(),
        epoch: server.epoch,
      });
    vi.spyOn(server, 'receipt').mockImplementation(() => expected(phone.desk));
    answer([row({}), row({ hash: 'f'.repeat(64) })]);
    await phone.sync();
    expect(phone.statuses()).toEqual(['held']);
    answer([row({ hash: phone.desk.operations.get(id)?.hash })]);
    await phone.sync();
    expect(phone.statuses()).toEqual(['accepted']);
  });

  it('say that something was dismissed, until it is read', async () => {
    const phone = await synced();
    server.unassign(ann, 'b1');
    const [id = ''] = await logged(phone, DOORS.slice(0, 1));
    await phone.sync();
    server.become(id, 'dismissed');
    await phone.sync();
    expect(phone.state.outbox.value).toEqual([]);
    expect(phone.state.remarks.value).toMatchObject([
      { id, kind: 'dismissed', outcome: 'informed', door: { room: '101' } },
    ]);
    phone.kill();
    const again = await openPhone(server, ann);
    expect(again.state.remarks.value).toHaveLength(1);
    const { forgetNotice } = await import('../sync/notices');
    await again.desk.change((change) => forgetNotice(change, id));
    expect(again.state.remarks.value).toEqual([]);
  });

  it('of a note with a personal number warn, at the door too, until it is mended', async () => {
    const phone = await synced();
    const push = server.push.bind(server);
    vi.spyOn(server, 'push').mockImplementation((by, body) => {
      const answer = push(by, body);
      for (const result of answer.results) {
        if (body.includes('13812345678')) result.warning = 'personal_number';
      }
      return answer;
    });
    const door = DOORS[0] ?? '';
    const saved = await phone.actions.record('b1', { ...informed(door), note: '13812345678' });
    await phone.sync();
    expect(phone.state.outbox.value).toEqual([]);
    expect(phone.state.remarks.value).toMatchObject([{ kind: 'warning', code: 'personal_number' }]);
    expect(phone.doors.doorHistory(phone.desk, 'b1', door).items).toMatchObject([
      { warning: 'personal_number', status: 'confirmed' },
    ]);
    await phone.actions.correct('b1', saved.operations[0] ?? '', informed(door));
    expect(phone.state.remarks.value).toEqual([]);
    await phone.sync();
    expect(phone.doors.doorHistory(phone.desk, 'b1', door).items[0]?.warning).toBeUndefined();
  });
});

describe('a body of some size', () => {
  it('goes compressed, and plain once a proxy does not know that', async () => {
    const phone = await synced();
    const encodings: (string | null)[] = [];
    let refuse = false;
    const real = phone.fault;
    phone.fault = (path, method) => {
      if (path === '/sync/push' && refuse && encodings.at(-1) === 'gzip') return 415;
      return real(path, method);
    };
    phone.heard = (path, init) => {
      if (path === '/sync/push') encodings.push(new Headers(init.headers).get('Content-Encoding'));
    };
    const long = { note: '很长的备注 '.repeat(60) };
    for (const door of DOORS) await phone.actions.record('b1', { ...informed(door), ...long });
    await phone.sync();
    expect(encodings).toEqual(['gzip']);
    refuse = true;
    for (const door of DOORS) await phone.actions.record('b1', { ...informed(door), ...long });
    await phone.sync();
    expect(encodings).toEqual(['gzip', 'gzip', null]);
    for (const door of DOORS) await phone.actions.record('b1', { ...informed(door), ...long });
    await phone.sync();
    expect(encodings.slice(3)).toEqual([null]);
    expect(server.kept.size).toBe(12);
    expect(receipt(phone)).toMatchObject({ count: 12 });
  });
});
