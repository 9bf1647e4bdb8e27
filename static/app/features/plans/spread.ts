/** What a plan asks for on a day; as on the server (`webapp/plans/spread.py`, tests/vectors/spread.json). */
import type { Day } from '../../core/types';

/** Bit 0 of `weekdays` is Monday. */
function works(year: number, month: number, day: number, weekdays: number): boolean {
  const sinceMonday = (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7;
  return ((weekdays >> sinceMonday) & 1) === 1;
}

function workingDays(year: number, month: number, weekdays: number, last: number): number {
  let found = 0;
  for (let day = 1; day <= last; day += 1) found += Number(works(year, month, day, weekdays));
  return found;
}

/** What falls on one day of the months' numbers: they add up to these exactly. */
export function ofDay(months: readonly number[], weekdays: number, on: Day): number {
  const [year = 0, month = 1, day = 1] = on.split('-').map(Number);
  if (!works(year, month, day, weekdays)) return 0;
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const days = workingDays(year, month, weekdays, length);
  const done = workingDays(year, month, weekdays, day);
  const total = months[month - 1] ?? 0;
  return Math.floor((total * done) / days) - Math.floor((total * (done - 1)) / days);
}
