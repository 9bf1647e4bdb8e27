/**
 * On duty from when to when: a pure function of the set of a member's shift operations. The Python
 * twin is webapp/trust/shifts.py; both keep to tests/vectors/shift.json.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** How long a shift is meant to last when its start does not say. */
const USUAL = 4 * HOUR;
const LONGEST = 16 * HOUR;

/** So long after its planned end somebody still counts as on duty; then the lead is warned. */
export const GRACE = 30 * MINUTE;

export interface Step {
  moment: number;
  id: string;
  starts: boolean;
  /** When it is meant to end; moments in milliseconds UTC. */
  until?: number | undefined;
}

export interface Duty {
  since: number;
  until: number;
}

export const covers = (duty: Duty, now: number): boolean => now < duty.until + GRACE;

/** What the steps make of `before`, the shift as it was without them. */
export function fold(steps: Iterable<Step>, before: Duty | null = null): Duty | null {
  let duty = before;
  const ordered = [...steps].sort((a, b) => a.moment - b.moment || (a.id < b.id ? -1 : 1));
  for (const step of ordered) {
    if (!step.starts) {
      duty = null;
      continue;
    }
    const since = duty && step.moment < duty.until ? duty.since : step.moment;
    duty = { since, until: planned(step) };
  }
  return duty;
}

function planned({ moment, until }: Step): number {
  const fits = until !== undefined && moment < until && until <= moment + LONGEST;
  return fits ? until : moment + USUAL;
}
