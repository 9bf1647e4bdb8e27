import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { ApiError } from '../core/api';
import { minus, plus } from '../core/digest';
import type { Desk } from './desk';
import { Engine } from './engine';
import type { OwnOperation } from './operations';
import { merged } from './pull';
import { bodyOf, nextBatch, pushFirst } from './push';

const desk = {
  member: { status: 'active' },
  store: { name: 'x', write: (_: unknown, work: (tx: object) => unknown) => work(tx) },
} as unknown as Desk;
const tx = { get: async () => undefined, put: () => {}, delete: () => {} };

let runs: number[];
let fail: Error | null;
let engine: Engine;
const heard: string[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(1);
  runs = [];
  fail = null;
  heard.length = 0;
  engine = new Engine(desk, { session: async (change) => void heard.push(change) });
  Object.assign(engine, {
    run: async () => {
      runs.push(Date.now());
      if (fail) throw fail;
    },
  });
});
afterEach(() => {
  engine.stop();
  vi.useRealTimers();
});

const wait = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe('the engine runs', () => {
  it('at the start and every three minutes', async () => {
    engine.start();
    await wait(0);
    expect(runs).toHaveLength(1);
    await wait(6 * 60_000 + 1_000);
    expect(runs).toHaveLength(3);
  });

  it('once for saves that come one after the other', async () => {
    for (let i = 0; i < 5; i++) {
      engine.saved();
      await wait(1_500);
    }
    expect(runs).toHaveLength(0);
    await wait(600);
    expect(runs).toHaveLength(1);
  });

  it('when the network is back and when the app comes to the foreground', async () => {
    engine.start();
    await wait(0);
    window.dispatchEvent(new Event('online'));
    await wait(0);
    document.dispatchEvent(new Event('visibilitychange'));
    await wait(0);
    expect(runs).toHaveLength(3);
  });

  it('once more after a run during which somebody asked for one', async () => {
    const first = engine.sync();
    const second = engine.sync();
    await wait(0);
    await Promise.all([first, second]);
    expect(runs).toHaveLength(2);
  });

  it('with growing pauses after failures, five minutes at most, and at once on `online`', async () => {
    fail = new ApiError(503, {});
    engine.start();
    await wait(0);
    for (const pause of [5, 10, 20, 40, 80, 160, 300, 300]) {
      const before = runs.length;
      // Ten milliseconds have gone by since the failure that this pause follows.
      await wait(pause * 1_000 - 20);
      expect(runs).toHaveLength(before);
      await wait(20);
      expect(runs).toHaveLength(before + 1);
    }
    const before = runs.length;
    window.dispatchEvent(new Event('online'));
    await wait(0);
    expect(runs).toHaveLength(before + 1);
  });

  it('never again once stopped', async () => {
    engine.start();
    await wait(0);
    engine.saved();
    engine.stop();
    window.dispatchEvent(new Event('online'));
    await wait(600_000);
    await engine.sync();
    expect(runs).toHaveLength(1);
  });

  it('and tells how we stand when the server does not let us in', async () => {
    fail = new ApiError(401, { code: 'not_signed_in' });
    await engine.sync();
    fail = new ApiError(410, { code: 'device_revoked' });
    await engine.sync();
    expect(heard).toEqual(['sign_in_again', 'revoked']);
  });
});

const operation = (id: string, type = 'visit', text = `{"id":"${id}"}`): OwnOperation => ({
  id,
  type,
  text,
  hash: '',
  moment: 0,
  building: null,
  household: null,
  door: null,
  status: 'unsent',
});

describe('a batch', () => {
  it('is oldest first, urgent types before all others', () => {
    pushFirst('alert_attempt');
    const all = [operation('c'), operation('d', 'alert_attempt'), operation('a')];
    expect(nextBatch(all, 500).map(({ id }) => id)).toEqual(['d', 'a', 'c']);
  });

  it('ends before its body is too large, but never is empty', () => {
    const large = 'x'.repeat(300_000);
    const all = [operation('a', 'visit', large), operation('b', 'visit', large)];
    expect(nextBatch(all, 500)).toHaveLength(1);
    expect(nextBatch([operation('a', 'visit', 'x'.repeat(900_000))], 500)).toHaveLength(1);
  });

  it('puts the stored texts together as they are', () => {
    const text = '{ "id" :"a", "note":"\\u5973儿" }';
    const body = bodyOf([operation('a', 'visit', text), operation('b')], 0);
    expect(body).toContain(`[${text},{"id":"b"}]`);
    expect(JSON.parse(body).operations).toHaveLength(2);
  });
});

describe('a small bucket', () => {
  it('replaces rows by kind and id, and loses what is gone', () => {
    const first = merged(new Map(), {
      cursor: '1',
      rows: [
        { kind: 'member', id: 'a' },
        { kind: 'member', id: 'b' },
        { kind: 'community', id: 1 },
      ],
      gone: [],
    });
    const second = merged(first, {
      cursor: '2',
      rows: [{ kind: 'member', id: 'a', name: 'new' } as never],
      gone: ['b'],
    });
    expect([...second.values()]).toEqual([
      { kind: 'member', id: 'a', name: 'new' },
      { kind: 'community', id: 1 },
    ]);
    expect(merged(second, { cursor: '3', rows: [], gone: [], reset: true }).size).toBe(0);
  });
});

describe('the sum of hashes', () => {
  it('is modulo 2²⁵⁶, as 64 digits', () => {
    const highest = { count: 1, digest: 'f'.repeat(64) };
    const lowest = { count: 1, digest: `${'0'.repeat(63)}1` };
    expect(plus(highest, lowest)).toEqual({ count: 2, digest: '0'.repeat(64) });
    expect(minus(plus(highest, lowest), highest)).toEqual(lowest);
  });
});
