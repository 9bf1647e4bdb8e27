/**
 * Tiles of the installation's file that a phone keeps: those of its own area, from far to near, up to
 * a limit. They lie in a database of their own: they are nobody's data, and may go when room is short.
 */
import type { MapBase } from '../../contract';
import { openStore, type Store } from '../../core/storage';
import { type Place, type System, toBase } from './crs';
import type { Read } from './tiles';

export type Box = { south: number; west: number; north: number; east: number };
export type Tile = { z: number; x: number; y: number };

/** What is kept of a file. `whole`: all of the area, down to the closest zoom. */
export interface Kept {
  version: string;
  box: Box;
  tiles: number;
  bytes: number;
  whole: boolean;
}

const NAME = 'qiaomen-map';
const TILES = 'tiles';
const ABOUT = 'about';
const AT_ONCE = 4;
/** Degrees around the buildings: some 200 metres. */
const MARGIN = 0.002;

let opening: Promise<Store> | null = null;

function store(): Promise<Store> {
  opening ??= openStore(NAME, [
    // 1: first release. tiles: pictures by version/z/x/y. about: what is kept.
    (db) => {
      db.createObjectStore(TILES);
      db.createObjectStore(ABOUT);
    },
  ]).catch((error) => {
    opening = null;
    throw error;
  });
  return opening;
}

/** Lets go of the database; the next call opens it anew. */
export async function closeKept(): Promise<void> {
  (await opening)?.close();
  opening = null;
}

export function boxOf(places: readonly Place[]): Box | null {
  if (places.length === 0) return null;
  const lats = places.map(({ lat }) => lat);
  const lons = places.map(({ lon }) => lon);
  return {
    south: Math.min(...lats) - MARGIN,
    north: Math.max(...lats) + MARGIN,
    west: Math.min(...lons) - MARGIN,
    east: Math.max(...lons) + MARGIN,
  };
}

/** All tiles of a box, the far zooms first. */
export function tilesOf(box: Box, base: Pick<MapBase, 'min_zoom' | 'max_zoom' | 'crs'>): Tile[] {
  const system = base.crs as System;
  const low = toBase({ lat: box.south, lon: box.west }, system);
  const high = toBase({ lat: box.north, lon: box.east }, system);
  const found: Tile[] = [];
  for (let z = base.min_zoom; z <= base.max_zoom; z += 1) {
    const [from, to] = [tileAt(high.lat, low.lon, z), tileAt(low.lat, high.lon, z)];
    for (let x = from.x; x <= to.x; x += 1) {
      for (let y = from.y; y <= to.y; y += 1) found.push({ z, x, y });
    }
  }
  return found;
}

/** The tile of a place in the usual grid (Web Mercator). */
export function tileAt(lat: number, lon: number, z: number): Tile {
  const n = 2 ** z;
  const rad = (lat * Math.PI) / 180;
  const x = Math.floor(((lon + 180) / 360) * n);
  const y = Math.floor(((1 - Math.asinh(Math.tan(rad)) / Math.PI) / 2) * n);
  const within = (value: number): number => Math.min(n - 1, Math.max(0, value));
  return { z, x: within(x), y: within(y) };
}

export async function keptMap(): Promise<Kept | null> {
  return (await (await store()).read([ABOUT], (tx) => tx.get<Kept>(ABOUT, 'kept'))) ?? null;
}

export async function eraseMap(): Promise<void> {
  await (await store()).write([TILES, ABOUT], (tx) => {
    tx.clear(TILES);
    tx.clear(ABOUT);
  });
}

const keyOf = (version: string, { z, x, y }: Tile): string => `${version}/${z}/${x}/${y}`;

/** From the phone where it is kept, else from the server. */
export function keptFirst({ version }: MapBase, server: Read): Read {
  return async (z, x, y) => {
    const key = keyOf(version, { z, x, y });
    const found = await (await store()).read([TILES], (tx) => tx.get<ArrayBuffer>(TILES, key));
    return found ?? server(z, x, y);
  };
}

export interface Work {
  base: MapBase;
  box: Box;
  server: Read;
  signal: AbortSignal;
  onProgress: (done: number, total: number) => void;
}

/**
 * Fetches and keeps the area's tiles in place of what was kept before. Stops at the limit: then it is
 * not whole. Rejects when the network goes; what is there stays, and asking again goes on from there.
 */
export async function keepArea({ base, box, server, signal, onProgress }: Work): Promise<Kept> {
  const db = await store();
  const before = await keptMap();
  if (before && before.version !== base.version) await eraseMap();
  const all = tilesOf(box, base);
  const kept: Kept = { version: base.version, box, tiles: 0, bytes: 0, whole: false };
  for (let at = 0; at < all.length; at += AT_ONCE) {
    // `throwIfAborted` is younger than the browsers that this runs in.
    if (signal.aborted) throw new DOMException('stopped', 'AbortError');
    const some = all.slice(at, at + AT_ONCE);
    const pictures = await Promise.all(some.map((tile) => fetched(db, base, tile, server)));
    for (const [i, picture] of pictures.entries()) {
      const tile = some[i];
      if (!tile || !picture) continue;
      if (kept.bytes + picture.byteLength > base.limit) return finish(db, kept);
      kept.bytes += picture.byteLength;
      kept.tiles += 1;
      await db.write([TILES], (tx) => tx.put(TILES, keyOf(base.version, tile), picture), 'relaxed');
    }
    onProgress(Math.min(at + AT_ONCE, all.length), all.length);
  }
  return finish(db, { ...kept, whole: true });
}

async function fetched(db: Store, base: MapBase, tile: Tile, server: Read) {
  const key = keyOf(base.version, tile);
  const there = await db.read([TILES], (tx) => tx.get<ArrayBuffer>(TILES, key));
  return there ?? server(tile.z, tile.x, tile.y);
}

async function finish(db: Store, kept: Kept): Promise<Kept> {
  await db.write([ABOUT], (tx) => tx.put(ABOUT, 'kept', kept));
  return kept;
}
