import type { BuildingSummary, Rate } from '../../core/types';
import { headlinePart, rate, toTarget } from '../visits/counts';

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
