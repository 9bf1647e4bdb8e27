import type { Door, Unit } from '../../core/types';

/** How the doors of a unit are laid out: at most `count` side by side. */
export type Layout = {
  count: number;
  /** The part of the room number that a column stands for; empty when rooms follow no rule. */
  labels: string[];
};

/** Above this share of regular rooms the columns get labels. */
const REGULAR = 0.8;
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

/** Columns for one unit on a screen that has room for `most`; wider floors wrap. */
export function layoutOf(unit: Unit, most: number): Layout {
  const doors = unit.floors.flatMap((floor) => floor.doors);
  const suffixes = doors.map(columnOf);
  const labels = [...new Set(suffixes.filter((one) => one !== null))].sort((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  );
  const regular = suffixes.filter((one) => one !== null).length >= doors.length * REGULAR;
  if (regular && labels.length <= most) return { count: Math.max(1, labels.length), labels };
  const long = doors.some((door) => door.room.length > ROOM_LONG);
  const widest = Math.min(unit.columns, long ? Math.min(most, 3) : most);
  return { count: Math.max(1, widest), labels: [] };
}
