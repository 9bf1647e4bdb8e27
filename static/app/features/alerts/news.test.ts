import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Engine } from '../../sync/engine';
import { openPhone, type Phone } from '../../testing/phone';
import { Server } from '../../testing/server';
import { given, NOTHING } from './given';
import { EVERY, watchNews } from './news';

const BUCKETS = ['community', 'me'];

let round = 0;
let phone: Phone | null = null;
afterEach(() => {
  phone?.kill();
  phone = null;
});

async function scene() {
  round += 1;
  const server = new Server();
  server.addCommunity();
  server.addBuilding('b1', 1, 2, 2);
  const ann = server.addMember(`news-${round}`, 'Ann', ['b1']);
  const opened = await openPhone(server, ann);
  phone = opened;
  await opened.sync();
  const asked: { path: string; body: string }[] = [];
  opened.heard = (path, init) => void asked.push({ path, body: String(init.body ?? '') });
  const glance = (): Promise<void> => opened.online(() => opened.engine.glance(BUCKETS, EVERY));
  return { server, ann, phone: opened, asked, glance };
}

describe('a look at the news', () => {
  it('is one request with the cursors of two small buckets, and brings a new alert', async () => {
    const { server, ann, phone, asked, glance } = await scene();
    server.addAlert('a1', [ann.id], { resident_name: '何女士' });
    server.now += EVERY;
    await glance();
    expect(asked.map(({ path }) => path)).toEqual(['/sync/pull']);
    expect(JSON.parse(asked[0]!.body)).toEqual({
      cursors: { community: expect.any(String), me: expect.any(String) },
      only: BUCKETS,
    });
    expect(phone.given.value.mine).toMatchObject([{ id: 'a1', resident_name: '何女士' }]);
  });

  it('writes nothing when there is nothing new', async () => {
    const { server, phone, glance } = await scene();
    const { rev } = phone.desk.meta;
    server.now += EVERY;
    await glance();
    expect(phone.desk.meta.rev).toBe(rev);
  });

  it('waits until the server was left alone for a while, whatever it was asked', async () => {
    const { server, asked, glance } = await scene();
    server.now += EVERY - 1;
    await glance();
    expect(asked).toEqual([]);
    server.now += 1;
    await glance();
    await glance();
    expect(asked).toHaveLength(1);
  });

  it('leaves buildings as they are: it is no complete pull', async () => {
    const { server, phone, glance } = await scene();
    const { lastSyncAt, cursors } = phone.desk.meta;
    server.addAlert('a1', []);
    server.now += EVERY;
    await glance();
    expect(phone.desk.meta.lastSyncAt).toBe(lastSyncAt);
    expect(phone.desk.meta.cursors['building:b1']).toBe(cursors['building:b1']);
    expect(phone.state.buildings.value).toHaveLength(1);
    await phone.view('b1');
  });

  it('keeps own operations laid over the rows until a complete pull covers them', async () => {
    const { server, ann, phone, glance } = await scene();
    server.addAlert('a1', [ann.id]);
    await phone.sync();
    const { record } = await import('./record');
    await record('a1', {
      type: 'alert_attempt',
      fields: { channel: 'call', result: 'no_answer' },
    });
    server.now += EVERY;
    await glance();
    expect(phone.given.value.own).toHaveLength(1);
    await phone.sync();
    expect(phone.given.value.own).toHaveLength(0);
    expect(phone.given.value.mine[0]?.operations).toHaveLength(1);
  });

  it('that fails is followed by a whole run, and by no other look while that fails', async () => {
    const { server, phone, asked, glance } = await scene();
    phone.fault = () => 500;
    server.now += EVERY;
    await glance();
    expect(asked.map(({ path }) => path)).toEqual(['/sync/pull', '/session']);
    server.now += EVERY;
    await glance();
    expect(asked).toHaveLength(2);
    phone.fault = () => null;
    await phone.sync();
    asked.length = 0;
    server.now += EVERY;
    await glance();
    expect(asked).toHaveLength(1);
  });

  it('after a restore is followed by a whole run, which sends what is lacking', async () => {
    const { server, ann, phone, glance } = await scene();
    await phone.actions.record('b1', { household: 'b1-1-101', outcome: 'informed' });
    await phone.sync();
    server.restore(() => true);
    server.now += EVERY;
    await glance();
    expect(server.kept.size).toBe(1);
    expect(server.receipt(ann).count).toBe(1);
  });
});

describe('news are asked for', () => {
  const glance = vi.fn(async () => {});
  let stop = (): void => {};
  let visibility: DocumentVisibilityState;

  beforeEach(() => {
    vi.useFakeTimers();
    glance.mockClear();
    visibility = 'visible';
    vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => visibility);
    stop = watchNews(() => ({ glance }) as unknown as Engine);
  });
  afterEach(() => {
    stop();
    given.value = NOTHING;
    vi.useRealTimers();
  });

  const openAlert = (status: 'open' | 'closed'): void => {
    given.value = { ...NOTHING, team: [{ status } as (typeof NOTHING.team)[number]] };
  };

  it('while an alert is open', () => {
    vi.advanceTimersByTime(60_000);
    expect(glance).not.toHaveBeenCalled();
    openAlert('open');
    vi.advanceTimersByTime(60_000);
    expect(glance).toHaveBeenCalledWith(BUCKETS, EVERY);
    const times = glance.mock.calls.length;
    openAlert('closed');
    vi.advanceTimersByTime(60_000);
    expect(glance).toHaveBeenCalledTimes(times);
  });

  it('never in the background and never without a network', () => {
    openAlert('open');
    visibility = 'hidden';
    vi.advanceTimersByTime(600_000);
    expect(glance).not.toHaveBeenCalled();
    visibility = 'visible';
    vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    vi.advanceTimersByTime(600_000);
    expect(glance).not.toHaveBeenCalled();
  });
});
