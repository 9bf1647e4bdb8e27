import type { Day } from '../../core/types';
import { text } from '../../i18n';
import { addDays, weekdayOf } from '../../ui/format';

export type DayChoice = { day: Day; label: string };

const SATURDAY = 6;
const TUESDAY = 2;

/** Monday 0 … Sunday 6: weeks begin on Monday here. */
function sinceMonday(day: Day): number {
  return (weekdayOf(day) + 6) % 7;
}

function named(day: Day, today: Day): DayChoice {
  const t = text.value.date;
  const name = t.weekdays[weekdayOf(day)] ?? '';
  const thisWeek = addDays(today, 6 - sinceMonday(today)) >= day;
  return { day, label: thisWeek ? t.thisWeek(name) : t.nextWeek(name) };
}

/**
 * Days to propose: in three days, the coming Saturday (people who work are at home), Tuesday of
 * next week (the retired). No day twice, in order.
 */
export function proposedDays(today: Day): DayChoice[] {
  const saturday = addDays(today, (SATURDAY - weekdayOf(today) + 7) % 7 || 7);
  const tuesday = addDays(today, 7 - sinceMonday(today) + TUESDAY - 1);
  const inThree = { day: addDays(today, 3), label: text.value.date.inDays(3) };
  const rest = [named(saturday, today), named(tuesday, today)]
    .filter((choice) => choice.day !== inThree.day)
    .sort((a, b) => (a.day < b.day ? -1 : 1));
  return [inThree, ...rest];
}
