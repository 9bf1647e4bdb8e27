/**
 * When to try again where nobody opened: in another part of the week, as on the server
 * (`webapp/visits/when.py`, tests/vectors/when.json).
 */
import { wallClock } from '../../core/clock';

export const ORDER = [
  'weekday_evening',
  'weekend_afternoon',
  'weekend_morning',
  'weekday_morning',
  'weekday_afternoon',
  'weekend_evening',
] as const;
export type Part = (typeof ORDER)[number];

export function partOf(moment: number, zone: string): Part {
  const at = new Date(wallClock(moment, zone));
  const day = at.getUTCDay() % 6 === 0 ? 'weekend' : 'weekday';
  const hour = at.getUTCHours();
  return `${day}_${hour < 12 ? 'morning' : hour < 18 ? 'afternoon' : 'evening'}`;
}

/** How often in which part, the most first, and the part to try next; null without a try. */
export function whenToGo(
  moments: readonly number[],
  zone: string,
): { tried: [Part, number][]; go: Part } | null {
  if (moments.length === 0) return null;
  const counts = new Map<Part, number>();
  for (const moment of moments) {
    const part = partOf(moment, zone);
    counts.set(part, (counts.get(part) ?? 0) + 1);
  }
  const least = Math.min(...ORDER.map((part) => counts.get(part) ?? 0));
  const tried = ORDER.flatMap((part): [Part, number][] => {
    const count = counts.get(part);
    return count ? [[part, count]] : [];
  });
  return {
    // Sorting keeps the order of those that are even.
    tried: tried.sort(([, a], [, b]) => b - a),
    go: ORDER.find((part) => (counts.get(part) ?? 0) === least) ?? ORDER[0],
  };
}
