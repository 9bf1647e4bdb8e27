import { afterEach, describe, expect, it, vi } from 'vitest';
import type { MyFollowUpRow } from '../../contract';
import type { OwnOperation } from '../../sync/operations';
import { openPhone, type Phone } from '../../testing/phone';
import { type Member, Server } from '../../testing/server';

const HOUR = 3_600_000;
const HE = {
  resident_name: '何女士',
  age: 58,
  phone: '13800000001',
  building: 'b1',
  unit: '1',
  room: '301',
};

let round = 0;
const opened: Phone[] = [];
afterEach(() => {
  for (const phone of opened.splice(0)) phone.kill();
});

async function open(server: Server, who: Member): Promise<Phone> {
  const phone = await openPhone(server, who);
  opened.push(phone);
  return phone;
}

/** Ann, whose building has the alert's door; the alert is hers unless told otherwise. */
async function scene({ hers = true } = {}) {
  round += 1;
  const server = new Server();
  server.makeKeys();
  server.addCommunity();
  server.addBuilding('b1', 1, 3, 2);
  const ann = server.addMember(`ann-${round}`, 'Ann', ['b1']);
  server.addAlert('a1', hers ? [ann.id] : [], HE);
  const phone = await open(server, ann);
  await phone.sync();
  return { server, ann, phone };
}

async function recordOn(note = '女儿在家'): Promise<string> {
  const { record } = await import('./record');
  const fields = { channel: 'call', result: 'denied', note } as const;
  const [id] = await record('a1', { type: 'alert_attempt', fields });
  return id ?? '';
}

const everything = (phone: Phone): Promise<OwnOperation[]> =>
  phone.desk.store.read(['outbox', 'log'], async (tx) => [
    ...(await tx.all<OwnOperation>('outbox')),
    ...(await tx.all<OwnOperation>('log')),
  ]);
const names = (phone: Phone) => phone.given.value.mine.map((row) => row.resident_name);

describe('a phone has of alerts', () => {
  it('the person of those that its member works, and of the others neither person nor room', async () => {
    const { server, phone } = await scene();
    server.addAlert('a2', [], { resident_name: '李女士', room: '704' });
    await phone.sync();
    expect(names(phone)).toEqual(['何女士']);
    expect(JSON.stringify(phone.given.value.team)).not.toMatch(/何|李|704|301/);
  });

  it('the door of its own alert, laid over the building', async () => {
    const { server, phone } = await scene();
    expect([...phone.state.alertDoors.value]).toEqual(['b1 1\n301']);
    server.withdraw('a1', phone.desk.member.member.id);
    await phone.sync();
    expect(phone.state.alertDoors.value.size).toBe(0);
  });

  it('nothing of the person any more when it was handed over, or closed by somebody else', async () => {
    const { server, ann, phone } = await scene();
    server.withdraw('a1', ann.id);
    await phone.sync();
    expect(names(phone)).toEqual([]);
    const stored = await phone.desk.store.read(['buckets'], (tx) => tx.all('buckets'));
    expect(
      JSON.stringify(stored.map((b) => [...(b as Map<string, unknown>).values()])),
    ).not.toMatch(/何女士|13800000001/);
  });
});

describe('the lease of a person’s data', () => {
  it('ends twelve hours after the last complete pull, and the next pull renews it', async () => {
    const { server, phone } = await scene();
    server.now += 13 * HOUR - 1;
    phone.desk.publish();
    expect(names(phone)).toEqual(['何女士']);
    server.now += 1;
    phone.desk.publish();
    await vi.waitFor(() => expect(names(phone)).toEqual([]));
    await phone.sync();
    expect(names(phone)).toEqual(['何女士']);
  });

  it('lasts at least until twelve hours after the deadline', async () => {
    const { server, phone } = await scene();
    // The deadline is an hour after the pull.
    server.now += 12 * HOUR + HOUR / 2;
    phone.desk.publish();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(names(phone)).toEqual(['何女士']);
  });

  it('ends when the clock runs backwards, and not when it is put right by minutes', async () => {
    const { phone } = await scene();
    phone.offset = -9 * 60_000;
    phone.desk.publish();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(names(phone)).toEqual(['何女士']);
    phone.offset = -11 * 60_000;
    phone.desk.publish();
    await vi.waitFor(() => expect(names(phone)).toEqual([]));
  });

  it('ends also when the app was closed while the clock was set back', async () => {
    const { server, ann, phone } = await scene();
    phone.kill();
    opened.length = 0;
    server.now -= 2 * HOUR;
    const again = await open(server, ann);
    await vi.waitFor(() => expect(names(again)).toEqual([]));
    expect(again.given.value.team).toHaveLength(1);
  });

  it('a phone whose clock was wrong and is put right by the server keeps it', async () => {
    const { phone } = await scene();
    phone.offset = 5 * HOUR;
    await phone.sync();
    phone.offset = 0;
    await phone.sync();
    expect(names(phone)).toEqual(['何女士']);
  });

  it('of a follow-up ends after its day, and the day itself stays', async () => {
    const { server, ann, phone } = await scene({ hers: false });
    const due: MyFollowUpRow = {
      kind: 'my_follow_up',
      id: 'f1',
      alert: 'a9',
      number: 9,
      due_on: '2026-11-22',
      step: 1,
      risk: 'high',
      opened: true,
      ...HE,
    };
    server.addFollowUp(ann.id, due);
    await phone.sync();
    expect(phone.given.value.dues[0]?.resident_name).toBe('何女士');
    // Midnight in Shanghai and twelve hours.
    server.now = Date.parse('2026-11-23T12:00:00+08:00');
    phone.desk.publish();
    await vi.waitFor(() => expect(phone.given.value.dues[0]?.opened).toBeUndefined());
    expect(JSON.stringify(phone.given.value.dues)).not.toMatch(/何|1380/);
    expect(phone.given.value.dues[0]).toMatchObject({ id: 'f1', due_on: '2026-11-22' });
  });
});

describe('own operations of an alert that is not here any more', () => {
  /** Two attempts are at the server, then the alert is withdrawn and the phone has sealed. */
  async function sealed() {
    const all = await scene();
    const { server, ann, phone } = all;
    const ids = [await recordOn(), await recordOn('说在做任务')];
    await phone.sync();
    await phone.sync();
    server.withdraw('a1', ann.id);
    await phone.sync();
    await vi.waitFor(async () =>
      expect((await everything(phone)).every((one) => one.sealed)).toBe(true),
    );
    return { ...all, ids };
  }

  it('can still be read while the alert is', async () => {
    const { phone } = await scene();
    await recordOn();
    await phone.sync();
    await phone.sync();
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(JSON.stringify(await everything(phone))).toContain('女儿在家');
  });

  it('are kept in a box: no word of them is left', async () => {
    const { phone } = await sealed();
    const stored = JSON.stringify(await everything(phone));
    expect(stored).not.toMatch(/女儿在家|说在做任务|denied/);
    expect(await everything(phone)).toHaveLength(2);
  });

  it('are counted by the receipt as before', async () => {
    const { phone } = await sealed();
    await phone.sync();
    expect(phone.state.receipt.value).toMatchObject({ count: 2, all: true, different: 0 });
  });

  it('are sent again after a restore, and the server reads what was recorded', async () => {
    const { server, phone, ids } = await sealed();
    const before = ids.map((id) => server.kept.get(id)?.text);
    server.restore((id) => ids.includes(id));
    await phone.sync();
    await phone.sync();
    expect(ids.map((id) => server.kept.get(id)?.text)).toEqual(before);
    expect(phone.state.receipt.value).toMatchObject({ count: 2, all: true });
  });

  it('that are not sent stay as they are until they are', async () => {
    const { server, ann, phone } = await scene();
    phone.fault = (path) => (path === '/sync/push' ? 'lose_request' : null);
    await recordOn();
    await phone.sync();
    const { endLeases } = await import('./lease');
    server.now += 14 * HOUR;
    await endLeases(phone.desk);
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(JSON.stringify(await everything(phone))).toContain('女儿在家');
    server.withdraw('a1', ann.id);
    phone.fault = () => null;
    await phone.sync();
    await vi.waitFor(async () =>
      expect(JSON.stringify(await everything(phone))).not.toContain('女儿在家'),
    );
    expect(server.kept.size).toBe(1);
  });

  it('are sealed when somebody signs out or the phone is revoked', async () => {
    const { phone } = await scene();
    await recordOn();
    await phone.sync();
    await phone.sync();
    await phone.desk.eraseBuckets();
    expect(JSON.stringify(await everything(phone))).not.toContain('女儿在家');
  });

  it('leave no word in what is to be mended either', async () => {
    const { server, phone } = await scene();
    const id = await recordOn('卡号 6222 0000 1111 2222 333');
    await phone.sync();
    server.become(id, 'dismissed');
    await phone.sync();
    expect(Object.keys(phone.desk.meta.notices)).toEqual([id]);
    expect(JSON.stringify(phone.desk.meta.notices)).not.toContain('6222');
  });
});

it('what is recorded of alerts goes before everything else', async () => {
  const { server, phone } = await scene();
  await phone.actions.record('b1', { household: 'b1-1-301', outcome: 'informed' });
  const id = await recordOn();
  await phone.sync();
  expect([...server.kept.keys()][0]).toBe(id);
});
