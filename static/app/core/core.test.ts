import { beforeEach, describe, expect, it } from 'vitest';

import { addDays, dayOf, isoLocal, measured, startOfDay } from './clock';
import { idAt, newId } from './ids';
import { metres, usable } from './position';
import { eraseStore, MEMBER_STEPS, openMember, openStore, type Step } from './storage';
import { insideWeChat, support } from './support';

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('ids', () => {
  it('are canonical UUIDs of version 7', () => {
    for (let i = 0; i < 200; i++) expect(newId()).toMatch(ID);
  });

  it('grow within one millisecond, and when the clock stands still or runs backwards', () => {
    const now = 2_000_000_000_000;
    const ids = Array.from({ length: 9_000 }, (_, i) => newId(now - (i % 7)));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('carry their moment, so that a day can be found by a key range', () => {
    const later = 3_000_000_000_000;
    const id = newId(later);
    expect(id >= idAt(later)).toBe(true);
    expect(id < idAt(later + 1)).toBe(true);
  });
});

describe('the clock', () => {
  const at = (iso: string): number => Date.parse(iso);

  it('measures at the middle of the round trip', () => {
    const sent = at('2026-11-22T10:00:00.000Z');
    expect(measured(0, sent, sent + 4_000, '2026-11-22T10:01:02.000Z')).toBe(60_000);
  });

  it('keeps a measurement until it differs by more than two seconds', () => {
    const sent = at('2026-11-22T10:00:00.000Z');
    expect(measured(0, sent, sent, '2026-11-22T10:00:02.000Z')).toBe(0);
    expect(measured(0, sent, sent, '2026-11-22T10:00:02.001Z')).toBe(2_001);
    expect(measured(5_000, sent, sent, '2026-11-22T10:00:03.500Z')).toBe(5_000);
    expect(measured(5_000, sent, sent, '2026-11-22T09:59:59.000Z')).toBe(-1_000);
  });

  it('leaves the skew alone when the server time cannot be read', () => {
    expect(measured(700, 0, 0, 'soon')).toBe(700);
  });

  it('writes the phone’s time with offset and milliseconds', () => {
    expect(isoLocal(at('2026-11-22T01:58:12.004Z'))).toBe('2026-11-22T09:58:12.004+08:00');
    expect(Date.parse(isoLocal(1_234_567_890_123))).toBe(1_234_567_890_123);
  });

  it('knows the community’s day, whatever the phone’s zone', () => {
    expect(dayOf(at('2026-11-22T15:59:59.999Z'), 'Asia/Shanghai')).toBe('2026-11-22');
    expect(dayOf(at('2026-11-22T16:00:00.000Z'), 'Asia/Shanghai')).toBe('2026-11-23');
    expect(startOfDay('2026-11-23', 'Asia/Shanghai')).toBe(at('2026-11-22T16:00:00Z'));
  });

  it('begins days right on both sides of summer time', () => {
    for (const day of ['2026-03-28', '2026-03-29', '2026-03-30', '2026-10-25', '2026-10-26']) {
      const start = startOfDay(day, 'Europe/Berlin');
      expect(dayOf(start, 'Europe/Berlin')).toBe(day);
      expect(dayOf(start - 1, 'Europe/Berlin')).not.toBe(day);
    }
  });

  it('adds days across months', () => {
    expect(addDays('2026-11-29', 3)).toBe('2026-12-02');
  });
});

describe('position', () => {
  it('knows short distances', () => {
    expect(metres({ lat: 30, lon: 106 }, { lat: 30.001, lon: 106 })).toBe(111);
    expect(metres({ lat: 30, lon: 106 }, { lat: null, lon: null })).toBeNull();
  });

  it('does not use a fix worse than 100 metres, or an old one', () => {
    const fix = { lat: 30, lon: 106, accuracy: 100, at: 1_000 };
    expect(usable(fix, 2_000)).toBe(true);
    expect(usable({ ...fix, accuracy: 101 }, 2_000)).toBe(false);
    expect(usable(fix, 500_000)).toBe(false);
    expect(usable(null, 0)).toBe(false);
  });
});

describe('support', () => {
  it('knows WeChat by its name', async () => {
    const agent = 'Mozilla/5.0 (Linux; Android 13) Chrome/107 MicroMessenger/8.0.33(0x2800213D)';
    expect(insideWeChat(agent)).toBe(true);
    expect(await support(agent)).toBe('wechat');
  });

  it('says what is missing elsewhere', async () => {
    expect(await support('Mozilla/5.0 Chrome/120')).toBe('no_service_worker');
  });

  it('tries storage before it believes in it', async () => {
    Object.defineProperty(navigator, 'serviceWorker', { value: {}, configurable: true });
    expect(await support('Mozilla/5.0 Chrome/120')).toBe('ok');
    const real = indexedDB;
    Object.defineProperty(globalThis, 'indexedDB', {
      configurable: true,
      value: {
        open: () => {
          throw new DOMException('private', 'InvalidStateError');
        },
      },
    });
    expect(await support('Mozilla/5.0 Chrome/120')).toBe('no_storage');
    Object.defineProperty(globalThis, 'indexedDB', { configurable: true, value: real });
    Reflect.deleteProperty(navigator, 'serviceWorker');
  });
});

describe('storage', () => {
  const NAME = 'qiaomen-test';
  beforeEach(() => eraseStore(NAME));

  it('writes all of a transaction or nothing', async () => {
    const store = await openMember(NAME);
    await expect(
      store.write(['outbox', 'summaries'], async (tx) => {
        tx.put('outbox', 'a', { text: '…' });
        await tx.get('outbox', 'a');
        throw new Error('the app is killed here');
      }),
    ).rejects.toThrow('killed');
    expect(await store.read(['outbox'], (tx) => tx.all('outbox'))).toEqual([]);
    store.close();
  });

  it('passes a refused value on and undoes what went before', async () => {
    const store = await openMember(NAME);
    await expect(
      store.write(['outbox'], (tx) => {
        tx.put('outbox', 'a', 1);
        tx.put('outbox', 'b', () => 'functions cannot be stored');
      }),
    ).rejects.toThrow();
    expect(await store.read(['outbox'], (tx) => tx.all('outbox'))).toEqual([]);
    store.close();
  });

  it('keeps the order of keys', async () => {
    const store = await openMember(NAME);
    await store.write(['outbox'], (tx) => ['c', 'a', 'b'].map((id) => tx.put('outbox', id, id)));
    expect(await store.read(['outbox'], (tx) => tx.all('outbox'))).toEqual(['a', 'b', 'c']);
    store.close();
  });

  it('brings an outbox of every earlier version to the newest one, step by step', async () => {
    // Steps that later versions might bring; the first ones are the released ones.
    const later: Step[] = [
      ...MEMBER_STEPS,
      (db) => void db.createObjectStore('alerts'),
      async (_db, tx) => {
        const outbox = tx.objectStore('outbox');
        for (const key of await outbox.getAllKeys()) {
          await outbox.put({ ...(await outbox.get(key)), tried: 0 }, key);
        }
      },
    ];
    for (let from = 1; from <= later.length; from++) {
      const old = await openStore(NAME, later.slice(0, from));
      await old.write(['outbox'], (tx) => tx.put('outbox', 'a', { text: `v${from}` }));
      old.close();
      const now = await openStore(NAME, later);
      expect(await now.read(['outbox'], (tx) => tx.all('outbox'))).toMatchObject([
        { text: `v${from}` },
      ]);
      expect(await now.read(['alerts'], (tx) => tx.all('alerts'))).toEqual([]);
      now.close();
      await eraseStore(NAME);
    }
  });

  it('lets a newer version upgrade while an old tab is open', async () => {
    const old = await openMember(NAME);
    const now = await openStore(NAME, [...MEMBER_STEPS, (db) => void db.createObjectStore('more')]);
    await now.write(['more'], (tx) => tx.put('more', 'a', 1));
    now.close();
    old.close();
  });
});
