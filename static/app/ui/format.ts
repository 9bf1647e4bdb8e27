import { state } from '../core/field';
import type { Day, Rate } from '../core/types';
import { locale, text } from '../i18n';

const DAY_MS = 86_400_000;
const formatters = new Map<string, Intl.DateTimeFormat>();

// Making a formatter costs more than a hundred uses of it.
function formatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale.value + JSON.stringify(options);
  let found = formatters.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(locale.value, options);
    formatters.set(key, found);
  }
  return found;
}

function zone(): string {
  return state.community.value?.timezone ?? 'Asia/Shanghai';
}

function midnight(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`);
}

/** Whole days from one day to another; negative when `to` is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((midnight(to) - midnight(from)) / DAY_MS);
}

/** 0 Sunday … 6 Saturday. */
export function weekdayOf(day: Day): number {
  return new Date(midnight(day)).getUTCDay();
}

/** The day `n` days later. */
export function addDays(day: Day, n: number): Day {
  return new Date(midnight(day) + n * DAY_MS).toISOString().slice(0, 10);
}

/** The calendar day of a moment in the community's time zone. */
export function dayOf(moment: number): Day {
  const options: Intl.DateTimeFormatOptions = {
    timeZone: zone(),
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  };
  const parts = formatter(options).formatToParts(moment);
  const get = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  return `${get('year')}-${get('month')}-${get('day')}`;
}

/** `11月18日` / `18 Nov`. */
export function shortDay(day: Day): string {
  return formatter({ timeZone: 'UTC', month: 'short', day: 'numeric' }).format(midnight(day));
}

/** `11月18日 周二` / `Tue 18 Nov`. */
export function longDay(day: Day): string {
  const weekday = text.value.date.weekdays[weekdayOf(day)] ?? '';
  return text.value.date.withWeekday(shortDay(day), weekday);
}

/** `10:41`. */
export function clock(moment: number): string {
  return formatter({ timeZone: zone(), hour: '2-digit', minute: '2-digit', hour12: false }).format(
    moment,
  );
}

/** `10:41` today, `昨天 10:41`, else `11月18日 10:41`. */
export function when(moment: number, today: Day): string {
  const day = dayOf(moment);
  const ago = daysBetween(day, today);
  if (ago === 0) return clock(moment);
  const name = ago === 1 ? text.value.date.yesterday : shortDay(day);
  return `${name} ${clock(moment)}`;
}

/** `61%`, rounded down; a rate over nothing is a dash. */
export function percent(rate: Rate): string {
  return rate === null ? '–' : `${Math.floor(rate / 100)}%`;
}

/** `46 MB`. */
export function bytes(n: number): string {
  const mb = n / 1_048_576;
  if (mb >= 1024) return `${(mb / 1024).toFixed(1)} GB`;
  return `${mb < 10 ? mb.toFixed(1) : Math.round(mb)} MB`;
}

/** `40 米`, `1.2 公里`: to ten metres, as good as a phone knows. */
export function distance(metres: number): string {
  const t = text.value.today;
  if (metres < 995) return t.metres(Math.max(10, Math.round(metres / 10) * 10));
  return t.kilometres((metres / 1000).toFixed(1));
}
