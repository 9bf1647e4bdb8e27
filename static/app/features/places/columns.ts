import type { Door, Unit } from '../../core/types';
import { byName } from './walk';

/** How the doors of a unit are laid out: at most `count` side by side. */
export type Layout = {
  count: number;
  /** The part of the room number that a column stands for; empty when rooms follow no rule. */
  labels: string[];
};

/** Above this share of regular rooms the columns get labels. */
const REGULAR = 0.8;
/** A column on fewer floors than this share of the fullest one is an exception. */
const RARE = 0.2;
const ROOM_LONG = 5;

/**
 * The part of a room number after the floor: 1403 on floor 14 is 03, `12-3` on 12 is 3. Only the
 * floor tells where to cut: 111 is 1-11 on floor 1 and 11-1 on floor 11. Null: no such part.
 */
export function columnOf(door: Pick<Door, 'floor' | 'room'>): string | null {
  const room = door.room.normalize('NFKC').replace(/^0+(?=.)/, '');
  const head = String(door.floor);
  if (door.floor === null || !room.startsWith(head)) return null;
  const rest = room.slice(head.length).replace(/^-/, '');
  return /^(\d{1,2}|[A-Z])$/i.test(rest) ? rest : null;
}

/** Columns that most floors share: one odd door does not widen the whole grid. */
function sharedColumns(unit: Unit): string[] {
  const seen = new Map<string, number>();
  for (const floor of unit.floors) {
    for (const column of new Set(floor.doors.map(columnOf))) {
      if (column !== null) seen.set(column, (seen.get(column) ?? 0) + 1);
    }
  }
  const enough = Math.max(...seen.values(), 0) * RARE;
  return [...seen]
    .filter(([, floors]) => floors > enough)
    .map(([column]) => column)
    .sort(byName);
}

/** Columns for one unit on a screen that has room for `most`; wider floors wrap. */
export function layoutOf(unit: Unit, most: number): Layout {
  const doors = unit.floors.flatMap((floor) => floor.doors);
  const labels = sharedColumns(unit);
  const regular = doors.filter((door) => labels.includes(columnOf(door) ?? '')).length;
  if (labels.length > 0 && labels.length <= most && regular >= doors.length * REGULAR) {
    return { count: labels.length, labels };
  }
  const long = doors.some((door) => door.room.length > ROOM_LONG);
  const widest = Math.min(unit.columns, long ? Math.min(most, 3) : most);
  return { count: Math.max(1, widest), labels: [] };
}

/** How many doors a floor has, if nearly all floors of all units agree; null otherwise. */
export function doorsPerFloor(units: readonly Unit[]): number | null {
  const floors = units.flatMap((unit) => unit.floors).filter((floor) => floor.floor !== null);
  const counts = new Map<number, number>();
  for (const { doors } of floors) counts.set(doors.length, (counts.get(doors.length) ?? 0) + 1);
  const [usual] = [...counts].sort((a, b) => b[1] - a[1]);
  return usual && usual[1] >= floors.length * REGULAR ? usual[0] : null;
}
