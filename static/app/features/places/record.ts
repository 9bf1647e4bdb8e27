/** One building as it is kept: its doors in columns, which reads and writes far faster than rows. */
import type { BuildingInfo } from '../../core/types';
import type { BuildingRow, Change, HouseholdRow } from '../../core/wire';

type Extra = Omit<HouseholdRow, 'kind' | 'id' | 'unit' | 'floor' | 'room'>;

export interface BuildingRecord {
  row: BuildingRow | null;
  id: string[];
  unit: string[];
  floor: (number | null)[];
  room: string[];
  /** What most doors have none of; null then. */
  extra: (Extra | null)[];
}

/** The same in memory: what the server says of a building, nothing of our own laid over it. */
export interface Building {
  row: BuildingRow | null;
  doors: ReadonlyMap<string, HouseholdRow>;
}

export const NO_BUILDING: Building = { row: null, doors: new Map() };

export function unpack(record: BuildingRecord | undefined): Building {
  if (!record) return NO_BUILDING;
  const doors = new Map<string, HouseholdRow>();
  record.id.forEach((id, i) => {
    doors.set(id, {
      kind: 'household',
      id,
      unit: record.unit[i] ?? '',
      floor: record.floor[i] ?? null,
      room: record.room[i] ?? '',
      ...record.extra[i],
    });
  });
  return { row: record.row, doors };
}

export function pack(building: Building): BuildingRecord {
  const record: BuildingRecord = {
    row: building.row,
    id: [],
    unit: [],
    floor: [],
    room: [],
    extra: [],
  };
  for (const { kind: _, id, unit, floor, room, ...extra } of building.doors.values()) {
    record.id.push(id);
    record.unit.push(unit);
    record.floor.push(floor ?? null);
    record.room.push(room);
    record.extra.push(Object.keys(extra).length > 0 ? extra : null);
  }
  return record;
}

/** What the server says after a change; rows that did not change stay the same objects. */
export function applied(building: Building, change: Change): Building {
  let row = change.reset ? null : building.row;
  const doors = new Map(change.reset ? [] : building.doors);
  for (const id of change.gone ?? []) {
    doors.delete(String(id));
    if (row?.id === id) row = null;
  }
  for (const fresh of change.rows ?? []) {
    if (fresh.kind === 'building') row = fresh as BuildingRow;
    if (fresh.kind === 'household') doors.set(String(fresh.id), fresh as HouseholdRow);
  }
  return { row, doors };
}

export function infoOf(id: string, row: BuildingRow | null): BuildingInfo {
  return {
    id,
    name: row?.name ?? '',
    compound: row?.compound ?? null,
    grid: row?.grid ?? null,
    address: row?.address ?? null,
    lat: row?.lat ?? null,
    lon: row?.lon ?? null,
    units: row?.units ?? null,
    floors: row?.floors ?? null,
    accessNote: row?.access_note ?? null,
    caretakerName: row?.caretaker_name ?? null,
    caretakerRole: row?.caretaker_role ?? null,
    practice: row?.practice ?? false,
    provisional: row?.provisional ?? false,
  };
}
