/** Buildings as a map draws them. */
import type { Rate } from '../../core/types';
import { type Place, type System, toBase } from './crs';

const MICRO = 1e6;

/** East, north, east, north …, in whatever unit it is said to be. */
export type Ring = Float64Array;

export interface Shape extends Place {
  id: string;
  name: string;
  /** Degrees, WGS-84; holes by the even-odd rule. Null: only a point is known. */
  rings: Ring[] | null;
}

/** How a building is painted. `rate` in basis points; `faded` ones only show the way. */
export interface Painted extends Shape {
  /** What is written on it. */
  label: string;
  rate: Rate;
  faded: boolean;
}

/** A place and an outline as they travel: whole numbers, millionths of a degree. */
export function decoded(
  at: readonly number[],
  outline: readonly (readonly number[])[] | null | undefined,
): Place & { rings: Ring[] | null } {
  const [x = 0, y = 0] = at;
  return {
    lon: x / MICRO,
    lat: y / MICRO,
    rings: outline ? outline.map((steps) => corners(x, y, steps)) : null,
  };
}

function corners(startX: number, startY: number, steps: readonly number[]): Ring {
  const ring = new Float64Array(steps.length);
  let x = startX;
  let y = startY;
  for (let i = 0; i + 1 < steps.length; i += 2) {
    x += steps[i] ?? 0;
    y += steps[i + 1] ?? 0;
    ring[i] = x / MICRO;
    ring[i + 1] = y / MICRO;
  }
  return ring;
}

/** A building in the flat world of a map: pixels at zoom 0. */
export interface Flat {
  of: Painted;
  x: number;
  y: number;
  rings: Ring[] | null;
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
}

export type Flatten = (place: Place) => { x: number; y: number };

export function flat(of: Painted, system: System, flatten: Flatten): Flat {
  const middle = flatten(toBase(of, system));
  const rings = of.rings?.map((ring) => flatRing(ring, system, flatten)) ?? null;
  const box = { minX: middle.x, minY: middle.y, maxX: middle.x, maxY: middle.y };
  for (const ring of rings ?? []) {
    for (let i = 0; i < ring.length; i += 2) {
      box.minX = Math.min(box.minX, ring[i] ?? 0);
      box.maxX = Math.max(box.maxX, ring[i] ?? 0);
      box.minY = Math.min(box.minY, ring[i + 1] ?? 0);
      box.maxY = Math.max(box.maxY, ring[i + 1] ?? 0);
    }
  }
  return { of, rings, ...middle, ...box };
}

function flatRing(ring: Ring, system: System, flatten: Flatten): Ring {
  const out = new Float64Array(ring.length);
  for (let i = 0; i < ring.length; i += 2) {
    const { x, y } = flatten(toBase({ lon: ring[i] ?? 0, lat: ring[i + 1] ?? 0 }, system));
    out[i] = x;
    out[i + 1] = y;
  }
  return out;
}

/** Whether a point of the flat world lies in the outline. */
export function inside({ rings }: Flat, x: number, y: number): boolean {
  let odd = false;
  for (const ring of rings ?? []) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = [ring[i], ring[i + 1], ring[j], ring[j + 1]];
      if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) odd = !odd;
    }
  }
  return odd;
}

/**
 * Which building a finger means: the smallest around the point, else the nearest one whose edge is
 * within `reach`.
 */
export function hit(all: readonly Flat[], x: number, y: number, reach: number): Flat | null {
  let best: Flat | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const one of all) {
    if (x < one.minX - reach || x > one.maxX + reach) continue;
    if (y < one.minY - reach || y > one.maxY + reach) continue;
    const within = inside(one, x, y);
    const size = (one.maxX - one.minX) * (one.maxY - one.minY);
    // Any building around the point comes before all that are only near it.
    const score = within ? size - 1e9 : Math.hypot(x - one.x, y - one.y);
    if (score < least) {
      best = one;
      least = score;
    }
  }
  return best;
}

/** `3号楼` → `3号`, without its compound: what fits into a roof. */
export function short(name: string, compound = ''): string {
  const own = compound && name.startsWith(compound) ? name.slice(compound.length) : name;
  // The word for "building" after a number's own word says nothing more.
  return (own.trim() || name).replace(/([\u53f7\u680b\u5e62\u5ea7])\u697c$/, '$1');
}
