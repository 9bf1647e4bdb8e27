/** The phone's storage and its clock when they misbehave. */
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { VisitDraft } from '../core/types';
import { openPhone, type Phone } from '../testing/phone';
import { type Member, Server } from '../testing/server';

const D1 = 'b1-1-101';
const D2 = 'b1-1-102';
const MINUTE = 60_000;
const DAY = 86_400_000;

let server: Server;
let ann: Member;

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  server = new Server();
  server.addCommunity();
  server.addBuilding('b1', 2, 3, 2);
  ann = server.addMember('ann', 'Ann', ['b1']);
});

const informed = (household: string): VisitDraft => ({ household, outcome: 'informed' });
const summary = (phone: Phone) => phone.state.buildings.value.find(({ id }) => id === 'b1');

async function synced(): Promise<Phone> {
  const phone = await openPhone(server, ann);
  await phone.sync();
  return phone;
}

/** The browser's disk: `room` writes more, then nothing fits. */
function fillDisk(room: number): void {
  const real = IDBObjectStore.prototype.put;
  let left = room;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
    this: IDBObjectStore,
    ...given
  ) {
    left -= 1;
    if (left < 0) throw new DOMException('full', 'QuotaExceededError');
    return real.apply(this, given as [unknown, string]);
  });
}
const emptyDisk = (): void => vi.mocked(IDBObjectStore.prototype.put).mockRestore();

describe('a full disk', () => {
  it('leaves what is there, never half a record, and says so', async () => {
    const phone = await synced();
    await phone.actions.record('b1', informed(D1));
    for (let room = 0; room < 3; room++) {
      fillDisk(room);
      const failed = phone.actions.recordFloorNobodyHome('b1', '1', 2);
      await expect(failed).rejects.toMatchObject({ name: 'QuotaExceededError' });
      emptyDisk();
      expect(phone.state.storage.value.low).toBe(true);
      expect(phone.state.sync.value.unsent).toBe(1);
      expect((await phone.door('b1', 'b1-1-201')).display).toBe('untouched');
      expect(phone.desk.meta.log.count).toBe(1);
    }
    phone.kill();
    const again = await openPhone(server, ann);
    expect(again.state.sync.value.unsent).toBe(1);
    expect(summary(again)?.counts).toMatchObject({ knocked: 1, reached: 1 });
    await again.sync();
    expect(server.kept.size).toBe(1);
    expect(again.state.receipt.value).toMatchObject({ count: 1, different: 0 });
  });

  it('in the middle of a pull loses nothing; the next pull goes on', async () => {
    const phone = await openPhone(server, ann);
    fillDisk(2);
    await phone.sync();
    emptyDisk();
    expect(phone.state.sync.value).toMatchObject({ error: 'storage', firstPull: true });
    await phone.sync();
    expect(phone.state.sync.value).toMatchObject({ error: null, firstPull: false });
    expect(summary(phone)?.counts.households).toBe(12);
  });

  it('while an answer is written down sends again, and counts once', async () => {
    const phone = await synced();
    await phone.actions.record('b1', informed(D1));
    phone.heard = (path) => {
      if (path === '/sync/push') fillDisk(0);
    };
    await phone.sync();
    emptyDisk();
    phone.heard = () => {};
    expect(phone.state.sync.value).toMatchObject({ error: 'storage', unsent: 1 });
    await phone.sync();
    expect(phone.state.sync.value).toMatchObject({ error: null, unsent: 0 });
    expect(server.kept.size).toBe(1);
    expect(summary(phone)?.counts.reached).toBe(1);
  });

  const estimates: [string, number, number, boolean][] = [
    ['with room', 46e6, 1.2e9, false],
    ['with less than 20 MB', 1_190e6, 1_200e6, true],
    ['over nine tenths full', 10.9e9, 12e9, true],
    ['just below nine tenths', 10.7e9, 12e9, false],
  ];
  it.each(estimates)('is said before it happens: %s', async (_name, usage, quota, low) => {
    const phone = await openPhone(server, ann);
    vi.stubGlobal('navigator', {
      storage: { estimate: async () => ({ usage, quota }), persisted: async () => false },
    });
    const { refreshStorageInfo } = await import('../core/keep');
    await refreshStorageInfo();
    expect(phone.state.storage.value).toEqual({ persisted: false, used: usage, quota, low });
    vi.unstubAllGlobals();
  });

  it('is not claimed where the browser tells nothing', async () => {
    const phone = await openPhone(server, ann);
    vi.stubGlobal('navigator', {});
    const { askToPersist } = await import('../core/keep');
    expect(await askToPersist()).toBe(false);
    expect(phone.state.storage.value.low).toBe(false);
    vi.unstubAllGlobals();
  });
});

describe('an app killed between tap and paint', () => {
  it('has the whole save or nothing of it, wherever it was cut', async () => {
    (await synced()).kill();
    const seen = new Set<number>();
    for (let turns = 0; turns < 14; turns++) {
      const phone = await openPhone(server, ann);
      const before = phone.state.sync.value.unsent;
      await phone.view('b1');
      const saving = phone.actions.recordFloorNobodyHome('b1', '2', 3).catch(() => null);
      for (let i = 0; i < turns; i++) await new Promise((done) => setImmediate(done));
      phone.kill();
      await saving;
      const again = await openPhone(server, ann);
      const saved = again.state.sync.value.unsent - before;
      seen.add(saved);
      expect([0, 2]).toContain(saved);
      expect(summary(again)?.counts.knocked).toBe(again.state.sync.value.unsent);
      expect(again.desk.meta.log.count).toBe(again.state.sync.value.unsent);
      again.kill();
    }
    expect(seen).toContain(0);
  });
});

describe('a phone’s clock that jumps in mid-shift', () => {
  it('is wrong until the next answer; from then on moments are right again', async () => {
    const phone = await synced();
    await phone.actions.record('b1', informed(D1));
    phone.offset = -3 * DAY;
    const [early = ''] = (await phone.actions.record('b1', informed(D2))).operations;
    expect(phone.desk.operations.get(early)?.moment).toBe(server.now - 3 * DAY);
    await phone.sync();
    expect(phone.desk.meta.skew).toBe(3 * DAY);
    const [late = ''] = (await phone.actions.record('b1', informed('b1-1-201'))).operations;
    expect(phone.desk.operations.get(late)?.moment).toBe(server.now);
    expect(late > early).toBe(true);
    expect(phone.state.today.value).toMatchObject({ day: '2026-11-22', doors: 2 });
    await phone.sync();
    expect((await phone.door('b1', D2)).state.last_at).toBe(server.now - 3 * DAY);
    expect(phone.state.receipt.value).toMatchObject({ count: 3, different: 0 });
  });

  it('ahead: the moment that the server wrote down instead is used from then on', async () => {
    const phone = await synced();
    phone.offset = 2 * DAY;
    const [id = ''] = (await phone.actions.record('b1', informed(D1))).operations;
    expect(phone.state.today.value.day).toBe('2026-11-24');
    await phone.sync();
    expect((await phone.door('b1', D1)).state.last_at).toBe(server.now);
    expect(phone.state.today.value).toMatchObject({ day: '2026-11-22', doors: 1 });
    // The capped moment came with the answer, not only with the row.
    const log = await phone.desk.store.read(['log'], (tx) => tx.get<object>('log', id));
    expect(log).toMatchObject({ moment: server.now, capped: true });
  });

  it('a year ahead does not throw the log away before its 90 days', async () => {
    const phone = await synced();
    const { operations } = await phone.actions.record('b1', informed(D1));
    await phone.sync();
    phone.offset = 365 * DAY;
    await phone.sync();
    await phone.sync();
    const kept = await phone.desk.store.read(['log'], (tx) => tx.keys('log'));
    expect(kept).toEqual(operations);
  });

  it('still counts today what was recorded while the phone thought it was 1970', async () => {
    const phone = await synced();
    phone.offset = -server.now;
    await phone.sync();
    expect(phone.desk.meta.skew).toBe(server.now);
    await phone.actions.record('b1', informed(D1));
    await phone.sync();
    phone.kill();
    const again = await openPhone(server, ann);
    again.offset = -server.now;
    await again.sync();
    expect(again.state.today.value).toMatchObject({ day: '2026-11-22', doors: 1 });
  });
});

describe('the phone’s time zone', () => {
  const home = process.env.TZ;
  afterEach(() => {
    process.env.TZ = home;
  });

  const zones = ['Asia/Shanghai', 'America/New_York', 'Pacific/Kiritimati', 'Asia/Kathmandu'];
  it.each(zones)('never changes days or moments: %s', async (zone) => {
    const phone = await synced();
    process.env.TZ = zone;
    // 23:30 and 00:30 in the community: two days there, whatever the phone's calendar says.
    for (const [minutes, day, door] of [
      [13.5 * 60, '2026-11-22', D1],
      [60, '2026-11-23', D2],
    ] as const) {
      server.now += minutes * MINUTE;
      const [id = ''] = (await phone.actions.record('b1', informed(door))).operations;
      expect(phone.state.today.value).toMatchObject({ day, doors: 1 });
      expect(phone.desk.operations.get(id)?.moment).toBe(server.now);
      const { at } = JSON.parse(phone.desk.operations.get(id)?.text ?? '');
      expect(Date.parse(at)).toBe(server.now);
    }
    await phone.sync();
    expect(phone.state.today.value).toMatchObject({ day: '2026-11-23', doors: 1 });
    const { when } = await import('../ui/format');
    expect(when(server.now, '2026-11-23')).toBe('00:30');
    expect(when(server.now - 60 * MINUTE, '2026-11-23')).toMatch(/23:30$/);
  });

  it('through a night of summer time keeps the order of what was recorded', async () => {
    process.env.TZ = 'America/New_York';
    server.now = Date.parse('2026-11-01T05:30:00Z');
    const phone = await synced();
    const moments: number[] = [];
    const offsets: string[] = [];
    // 01:30 twice on the wall: first at -04:00, then at -05:00.
    for (const door of [D1, D2]) {
      const [id = ''] = (await phone.actions.record('b1', informed(door))).operations;
      moments.push(phone.desk.operations.get(id)?.moment ?? 0);
      offsets.push(JSON.parse(phone.desk.operations.get(id)?.text ?? '').at.slice(10));
      server.now += 60 * MINUTE;
    }
    expect(offsets).toEqual(['T01:30:00.000-04:00', 'T01:30:00.000-05:00']);
    expect(moments[1]).toBe((moments[0] ?? 0) + 60 * MINUTE);
  });
});
