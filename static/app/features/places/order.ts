import type { BuildingSummary } from '../../core/types';

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

export type Progress = { rate: number | null; target: number; toTarget: number };

/** My buildings together, practice left out: integers all the way, the rate rounded down. */
export function together(all: readonly BuildingSummary[], headline: 'publicity' | 'app'): Progress {
  let occupied = 0;
  let done = 0;
  let target = 0;
  for (const building of all) {
    if (building.practice || !building.yours) continue;
    occupied += building.counts.occupied;
    done += headline === 'app' ? building.counts.installed : building.counts.reached;
    target = building.target;
  }
  if (occupied === 0) return { rate: null, target, toTarget: 0 };
  const wanted = Math.ceil((occupied * target) / 10_000);
  const rate = Math.floor((done * 10_000) / occupied);
  return { rate, target, toTarget: Math.max(0, wanted - done) };
}
