import { afterEach, describe, expect, it } from 'vitest';
import type { MapBase } from '../../contract';
import {
  boxOf,
  closeKept,
  eraseMap,
  keepArea,
  keptFirst,
  keptMap,
  tileAt,
  tilesOf,
} from './offline';
import type { Read } from './tiles';

const BASE: MapBase = {
  url: '/api/v1/map/base.pmtiles',
  attribution: '© x',
  crs: 'wgs84',
  min_zoom: 0,
  max_zoom: 16,
  version: 'v1',
  limit: 1_000_000,
};
const BOX = boxOf([
  { lat: 29.9621, lon: 106.2648 },
  { lat: 29.9661, lon: 106.2708 },
]);
if (!BOX) throw new Error('no box');
const box = BOX;

/** A server that counts what is asked of it; each picture is 1,000 bytes. */
function server(fail: (asked: number) => boolean = () => false): Read & { asked: string[] } {
  const asked: string[] = [];
  const read = async (z: number, x: number, y: number): Promise<ArrayBuffer> => {
    asked.push(`${z}/${x}/${y}`);
    if (fail(asked.length)) throw new TypeError('network');
    return new Uint8Array(1_000).fill(z).buffer;
  };
  return Object.assign(read, { asked });
}

const gone: Read = async () => {
  throw new TypeError('network');
};
const keep = (from: Read, base = BASE, signal = new AbortController().signal) => {
  const steps: [number, number][] = [];
  const work = keepArea({ base, box, server: from, signal, onProgress: (...at) => steps.push(at) });
  return Object.assign(work, { steps });
};

afterEach(async () => {
  await eraseMap();
  await closeKept();
});

describe('the tiles of an area', () => {
  it('are all that touch it, the far zooms first', () => {
    const tiles = tilesOf(box, BASE);
    expect(tiles[0]).toEqual({ z: 0, x: 0, y: 0 });
    expect(tiles.at(-1)?.z).toBe(16);
    const middle = tileAt(29.964, 106.2678, 16);
    expect(tiles).toContainEqual(middle);
    expect(tiles.filter(({ z }) => z === 16).length).toBeGreaterThan(3);
  });

  it('lie where the world has them', () => {
    expect(tileAt(0, 0, 1)).toEqual({ z: 1, x: 1, y: 1 });
    expect(tileAt(85, -180, 4)).toEqual({ z: 4, x: 0, y: 0 });
    expect(tileAt(39.9087, 116.3974, 12)).toEqual({ z: 12, x: 3372, y: 1552 });
  });

  it('are moved with a map that is', () => {
    const moved = tilesOf(box, { ...BASE, crs: 'gcj02', min_zoom: 18, max_zoom: 18 });
    const plain = tilesOf(box, { ...BASE, min_zoom: 18, max_zoom: 18 });
    expect(moved[0]).not.toEqual(plain[0]);
  });

  it('of nothing are none', () => {
    expect(boxOf([])).toBeNull();
  });
});

describe('keeping an area', () => {
  it('keeps every tile, tells how far it is, and serves them without a network', async () => {
    const from = server();
    const work = keep(from);
    const kept = await work;
    const all = tilesOf(box, BASE);
    expect(kept).toMatchObject({ version: 'v1', tiles: all.length, whole: true });
    expect(kept.bytes).toBe(1_000 * all.length);
    expect(work.steps.at(-1)).toEqual([all.length, all.length]);
    expect(await keptMap()).toEqual(kept);
    const read = keptFirst(BASE, gone);
    const last = all.at(-1);
    if (!last) throw new Error('no tiles');
    expect((await read(last.z, last.x, last.y))?.byteLength).toBe(1_000);
    await expect(read(16, 0, 0)).rejects.toThrow('network');
  });

  it('stops at the limit with the far zooms, and says that it is not whole', async () => {
    const kept = await keep(server(), { ...BASE, limit: 5_500 });
    expect(kept).toMatchObject({ tiles: 5, bytes: 5_000, whole: false });
    const read = keptFirst(BASE, gone);
    expect((await read(0, 0, 0))?.byteLength).toBe(1_000);
  });

  it('goes on where the network went', async () => {
    const all = tilesOf(box, BASE).length;
    await expect(keep(server((asked) => asked > 9))).rejects.toThrow('network');
    expect(await keptMap()).toBeNull();
    const again = server();
    await keep(again);
    expect(again.asked.length).toBeLessThan(all);
    expect((await keptMap())?.whole).toBe(true);
  });

  it('stops when somebody says so', async () => {
    const control = new AbortController();
    const work = keepArea({
      base: BASE,
      box,
      server: server(),
      signal: control.signal,
      onProgress: () => control.abort(),
    });
    await expect(work).rejects.toThrow();
    expect(await keptMap()).toBeNull();
  });

  it('replaces what was kept of an earlier file', async () => {
    await keep(server());
    const next = { ...BASE, version: 'v2' };
    const from = server();
    await keep(from, next);
    expect(from.asked).toHaveLength(tilesOf(box, BASE).length);
    await expect(keptFirst(BASE, gone)(0, 0, 0)).rejects.toThrow('network');
  });

  it('leaves nothing behind when it is erased', async () => {
    await keep(server());
    await eraseMap();
    expect(await keptMap()).toBeNull();
    await expect(keptFirst(BASE, gone)(0, 0, 0)).rejects.toThrow('network');
  });
});
