/** The way through a building: down the stairwell, floor by floor, and which door comes next. */
import type { Day, Door, DoorRef } from '../../core/types';

const natural = new Intl.Collator('en', { numeric: true });
const NUMBER = /^\d{1,9}$/;

// Nearly all names are plain numbers, and the collator's first comparison takes milliseconds.
export const byName = (a: string, b: string): number =>
  NUMBER.test(a) && NUMBER.test(b) ? Number(a) - Number(b) : natural.compare(a, b);

/** Top floor first, rooms upwards; doors of unknown floor last. */
export function byWalk(a: Door, b: Door): number {
  return (b.floor ?? -1_000) - (a.floor ?? -1_000) || byName(a.room, b.room);
}

/**
 * Worth a knock today: nobody has been there today, no wish stands against it, and it is untouched,
 * unanswered, or a follow-up that is due. Who refused is left in peace; anybody can still open the door.
 */
export function worthAKnock(door: Door, today: Day): boolean {
  if (door.retired || door.provisional || door.skipped || door.visitedToday) return false;
  if (door.open > 0) return false;
  if (door.display === 'follow_up') {
    return door.state.follow_up_on === null || door.state.follow_up_on <= today;
  }
  return door.display === 'untouched' || door.display === 'no_answer';
}

/**
 * The next door worth a knock after this one: the rest of its floor, then the floors below, then from
 * the top again; then the next units. Each unit's doors are in walking order.
 */
export function nextAfter(
  units: readonly { unit: string; doors: readonly Door[] }[],
  after: Door | null,
  today: Day,
  only?: string,
  /** Doors that had better wait for another part of the week: they come when nothing else is left. */
  later: (door: Door) => boolean = () => false,
): DoorRef | null {
  const first = units.findIndex(({ unit }) => unit === (only ?? after?.unit));
  const order = [...units.slice(Math.max(0, first)), ...units.slice(0, Math.max(0, first))];
  let waits: Door | null = null;
  for (const { unit, doors } of only === undefined ? order : order.slice(0, first < 0 ? 0 : 1)) {
    const way = after?.unit === unit ? from(doors, after) : doors;
    for (const door of way) {
      if (!worthAKnock(door, today)) continue;
      if (!later(door)) return refOf(door);
      waits ??= door;
    }
  }
  return waits && refOf(waits);
}

function from(doors: readonly Door[], after: Door): Door[] {
  const at = doors.findIndex((door) => door.household === after.household);
  const rest = doors.slice(at + 1);
  const earlier = doors.slice(0, Math.max(0, at));
  const same = (door: Door): boolean => door.floor === after.floor;
  const different = (door: Door): boolean => door.floor !== after.floor;
  // Doors left behind on this floor come before the stairs.
  return [
    ...rest.filter(same),
    ...earlier.filter(same),
    ...rest.filter(different),
    ...earlier.filter(different),
  ];
}

export function refOf({ building, household, unit, floor, room }: DoorRef): DoorRef {
  return { building, household, unit, floor, room };
}
