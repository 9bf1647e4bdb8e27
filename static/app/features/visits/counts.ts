/** Counts, rates and what is missing to a target (design 3.3), all in integers. */
import { type Counts, DISPLAYS, type DoorState, type Rate, type States } from '../../core/types';

export const noCounts = (): Counts => ({
  households: 0,
  occupied: 0,
  knocked: 0,
  reached: 0,
  installed: 0,
  no_smartphone: 0,
  refused: 0,
  leaflets: 0,
});

export const noStates = (): States =>
  Object.fromEntries(DISPLAYS.map((display) => [display, 0])) as States;

/** Adds a door; a retired one enters the leaflets only. */
export function count(counts: Counts, state: DoorState, retired: boolean): void {
  counts.leaflets += state.leaflets;
  if (retired) return;
  counts.households += 1;
  counts.knocked += Number(state.knocks > 0);
  if (state.vacant) return;
  counts.occupied += 1;
  counts.reached += Number(state.reached);
  counts.installed += Number(state.app === 'installed' || state.app === 'helped');
  counts.no_smartphone += Number(state.app === 'no_smartphone');
  counts.refused += Number(state.contact === 'refused');
}

/** Basis points, rounded down; null over zero doors. */
export function rate(part: number, whole: number): Rate {
  return whole > 0 ? Math.floor((part * 10_000) / whole) : null;
}

/** How many more doors the rate needs to stand at `target` (basis points) or above. */
export function toTarget(part: number, whole: number, target: number): number {
  return Math.max(0, Math.floor((target * whole + 9_999) / 10_000) - part);
}

/** The part of the counts that the community's headline rate speaks of; its whole is `occupied`. */
export function headlinePart(counts: Counts, headline: 'publicity' | 'app'): number {
  return headline === 'app' ? counts.installed : counts.reached;
}
