/** What the desk asks of this member: plans as they came, and a day's share of them. */
import { signal } from '@preact/signals';
import type { PlanRow } from '../../contract';
import type { Day } from '../../core/types';
import type { Feature } from '../../sync/desk';
import { ofDay } from './spread';

export const plans = signal<readonly PlanRow[]>([]);

/** A bucket that changes is another object. */
let bucket: unknown = null;

export const planFeature: Feature = {
  publish(desk) {
    const there = desk?.bucket('me') ?? null;
    if (there === bucket) return;
    bucket = there;
    plans.value = desk ? desk.rows<PlanRow>('me', 'plan') : [];
  },
};

/** What a day asks for, by measure; 0 where there is no plan. */
export function askedOn(rows: readonly PlanRow[], day: Day) {
  const asked = { homes: 0, leaflets: 0, installed: 0 };
  for (const { year, measure, months, weekdays } of rows) {
    if (measure in asked && day.startsWith(`${year}-`)) {
      asked[measure as keyof typeof asked] = ofDay(months, weekdays, day);
    }
  }
  return asked;
}
