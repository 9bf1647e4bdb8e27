import type { OutboxItem } from '../../core/types';

/** What waits for one building, of one kind: one line on the screen. */
export type Group = {
  key: string;
  type: OutboxItem['type'];
  building: string;
  count: number;
  /** Distinct doors. */
  doors: number;
  /** Room numbers, the latest first, without repeats. */
  rooms: string[];
  /** Others who logged one of these doors since. */
  alsoBy: string[];
  last: number;
};

/** More room numbers than this are no help. */
export const ROOMS_SHOWN = 6;

const addOnce = (list: readonly string[], one: string): string[] =>
  list.includes(one) ? [...list] : [...list, one];

/** Gathers the outbox by building and kind, the latest first. */
export function groupsOf(items: readonly OutboxItem[]): Group[] {
  const groups = new Map<string, Group>();
  for (const item of [...items].sort((a, b) => b.moment - a.moment)) {
    const building = item.buildingName ?? '';
    const key = `${item.type} ${item.door?.building ?? building}`;
    const group = groups.get(key) ?? {
      key,
      type: item.type,
      building,
      count: 0,
      doors: 0,
      rooms: [],
      alsoBy: [],
      last: item.moment,
    };
    groups.set(key, group);
    group.count += 1;
    if (item.alsoBy && !group.alsoBy.includes(item.alsoBy)) group.alsoBy.push(item.alsoBy);
    if (item.alert !== null) group.rooms = addOnce(group.rooms, `#${item.alert}`);
    const room = item.door && [item.door.unit, item.door.room].filter(Boolean).join('-');
    if (room && !group.rooms.includes(room)) {
      group.rooms.push(room);
      group.doors += 1;
    }
  }
  return [...groups.values()];
}
