import type { BuildingSummary, Rate } from '../../core/types';
import { headlinePart, rate, toTarget } from '../visits/counts';
import { route } from './route';

const byName = new Intl.Collator('zh-Hans', { numeric: true });

function compare(a: BuildingSummary, b: BuildingSummary, near: boolean): number {
  const last = Number(a.practice) - Number(b.practice) || Number(b.yours) - Number(a.yours);
  if (last !== 0) return last;
  if (near && a.distance !== b.distance) {
    return (a.distance ?? Number.POSITIVE_INFINITY) - (b.distance ?? Number.POSITIVE_INFINITY);
  }
  return byName.compare(a.compound ?? '', b.compound ?? '') || byName.compare(a.name, b.name);
}

/** Nearest first, or by compound and number (2 before 10); practice and lost ones at the end. */
export function ordered(all: readonly BuildingSummary[], near: boolean): BuildingSummary[] {
  return [...all].sort((a, b) => compare(a, b, near));
}

type Place = { lat: number; lon: number };

/** So exact is where somebody stands: the way must not change with every fix. */
const COARSE = 1_000;

const placeOf = ({ lat, lon }: { lat: number | null; lon: number | null }): Place | null =>
  lat === null || lon === null ? null : { lat, lon };

/** Where doors are left to knock at, along a short way from here; then all others by name. */
export function alongTheWay(
  all: readonly BuildingSummary[],
  here: Place | null,
): BuildingSummary[] {
  const rest = ordered(all, false);
  const stops = rest.filter((one) => one.yours && !one.practice && one.left > 0 && placeOf(one));
  const start = here && {
    lat: Math.round(here.lat * COARSE) / COARSE,
    lon: Math.round(here.lon * COARSE) / COARSE,
  };
  const way = route(
    stops.map((one) => placeOf(one) as Place),
    start,
  ).flatMap((at) => stops[at] ?? []);
  return [...way, ...rest.filter((one) => !way.includes(one))];
}

/** Those whose name, compound, grid or address contains every word. */
export function matching(all: readonly BuildingSummary[], words: string): BuildingSummary[] {
  const wanted = words.normalize('NFKC').toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return [...all];
  return all.filter((building) => {
    const { name, compound, grid, address } = building;
    const hay = [name, compound, grid, address].join(' ').normalize('NFKC').toLowerCase();
    return wanted.every((word) => hay.includes(word));
  });
}

export type Progress = { rate: Rate; target: number; toTarget: number };

/** My buildings together, practice left out: integers all the way, the rate rounded down. */
export function together(all: readonly BuildingSummary[], headline: 'publicity' | 'app'): Progress {
  let occupied = 0;
  let part = 0;
  let target = 0;
  for (const building of all) {
    if (building.practice || !building.yours) continue;
    occupied += building.counts.occupied;
    part += headlinePart(building.counts, headline);
    target = building.target;
  }
  return { rate: rate(part, occupied), target, toTarget: toTarget(part, occupied, target) };
}
