/** What a countdown shows: the time that is left, the time that is over, or that there is contact. */
import { lastOf } from '../../core/lastOf';
import { clock } from '../../ui/format';
import { words } from './texts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** From here on hours say more than minutes. */
const MANY = 100;
/** And from here on minutes beside hours say nothing. */
const MANY_HOURS = 10;
/** The number alone pulses when there is less (milliseconds). */
const SOON = 10 * MINUTE;
/** Said aloud at so many minutes. */
const SAID = [30, 10, 5];

export interface Clocked {
  received_at: number;
  deadline: number;
  in_contact_at?: number | null;
}

export interface Ring {
  tone: 'run' | 'over' | 'calm';
  soon: boolean;
  /** How much of the ring is drawn, percent. */
  part: number;
  big: string;
  small: string;
  spoken: string;
}

const two = (n: number): string => String(n).padStart(2, '0');

/** `seconds`: `38:20` instead of `38`. */
export function ringOf(alert: Clocked, now: number, seconds = false): Ring {
  const t = words.value.ring;
  const contact = alert.in_contact_at ?? null;
  if (contact !== null) {
    const spoken = t.saidReached(clock(contact));
    return { tone: 'calm', soon: false, part: 100, big: clock(contact), small: t.reached, spoken };
  }
  const left = alert.deadline - now;
  if (left <= 0) return { ...over(-left), tone: 'over', soon: false, part: 100 };
  const part = Math.min(100, (left / Math.max(1, alert.deadline - alert.received_at)) * 100);
  return { ...running(left, seconds), tone: 'run', soon: left < SOON, part };
}

type Said = Pick<Ring, 'big' | 'small' | 'spoken'>;

function over(by: number): Said {
  const t = words.value.ring;
  const minutes = Math.floor(by / MINUTE);
  const hours = Math.floor(minutes / 60);
  const big = minutes < MANY ? `+${minutes}` : `+${hours}${t.hours}`;
  return { big, small: t.over, spoken: t.saidOver(minutes) };
}

function running(left: number, seconds: boolean): Said {
  const t = words.value.ring;
  const minutes = Math.floor(left / MINUTE);
  if (minutes >= MANY) {
    const hours = Math.floor(left / HOUR);
    const big = hours < MANY_HOURS ? `${hours}:${two(minutes % 60)}` : String(hours);
    return { big, small: t.hours, spoken: t.saidHours(hours) };
  }
  const big = seconds ? `${minutes}:${two(Math.floor((left % MINUTE) / 1000))}` : String(minutes);
  return { big, small: seconds ? t.left : t.minutes, spoken: t.saidMinutes(minutes) };
}

/** What is said aloud when the time goes from `before` to `now`; null: nothing. */
export function announced(alert: Clocked, before: number, now: number): string | null {
  if (alert.in_contact_at) return null;
  const t = words.value.ring;
  const [was, is] = [alert.deadline - before, alert.deadline - now];
  if (was > 0 && is <= 0) return t.passed;
  const crossed = SAID.filter((n) => was > n * MINUTE && is <= n * MINUTE && is > 0);
  const least = lastOf(crossed);
  return least === undefined ? null : t.soon(least);
}
