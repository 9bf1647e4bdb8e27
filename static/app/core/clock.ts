/** The phone's clock, what is known of its error, and the community's calendar days. */
import type { Day } from './types';

/** A new measurement counts only beyond this: round trips wobble, moments should not. */
const TOLERANCE = 2_000;

export interface Clock {
  /** The phone's own time, milliseconds. */
  now(): number;
  /** Server time minus own time as last measured; 0 before the first answer. */
  skew: number;
}

export const systemClock = (): Clock => ({ now: () => Date.now(), skew: 0 });

/**
 * The skew after an answer that was asked for at `sent` and came at `received` (own clock): measured
 * at the middle of the round trip, kept unless it differs by more than two seconds.
 */
export function measured(skew: number, sent: number, received: number, serverTime: string): number {
  const server = Date.parse(serverTime);
  if (Number.isNaN(server)) return skew;
  const fresh = Math.round(server - (sent + received) / 2);
  return Math.abs(fresh - skew) > TOLERANCE ? fresh : skew;
}

/** ISO 8601 in the phone's zone with offset and milliseconds: 2026-11-22T09:58:12.004+08:00. */
export function isoLocal(moment: number): string {
  const offset = -new Date(moment).getTimezoneOffset();
  const local = new Date(moment + offset * 60_000).toISOString().slice(0, -1);
  const size = Math.round(Math.abs(offset));
  return `${local}${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

const two = (n: number): string => String(n).padStart(2, '0');

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string): Intl.DateTimeFormat {
  let found = formats.get(zone);
  if (!found) {
    found = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(zone, found);
  }
  return found;
}

/** Wall-clock time in the zone, written as if it were UTC. */
export function wallClock(moment: number, zone: string): number {
  const part: Record<string, number> = {};
  for (const { type, value } of format(zone).formatToParts(moment)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

export function dayOf(moment: number, zone: string): Day {
  return new Date(wallClock(moment, zone)).toISOString().slice(0, 10);
}

/** The first moment of a day in the zone. */
export function startOfDay(day: Day, zone: string): number {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const guess = midnight - (wallClock(midnight, zone) - midnight);
  // The offset may differ between the guess and midnight UTC (summer time).
  return midnight - (wallClock(guess, zone) - guess);
}

export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
