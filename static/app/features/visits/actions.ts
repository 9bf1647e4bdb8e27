/** What a volunteer writes down: made, checked, and entered with the local state in one transaction. */

import { Refusal, state } from '../../core/field';
import { newId } from '../../core/ids';
import { lastOf } from '../../core/lastOf';
import type { Door, DoorRef, NewDoor, Saved, VisitDraft, VoidReason, Wish } from '../../core/types';
import type { VoidOperation } from '../../core/wire';
import type { Desk } from '../../sync/desk';
import { forgetNotice } from '../../sync/notices';
import { type Fields, makeOperation, type OwnOperation, type Place } from '../../sync/operations';
import { carried } from '../leaflets/given';
import { doorKey } from '../places/key';
import { refOf, worthAKnock } from '../places/walk';
import { here, write } from '../recording';
import { parsed } from './draw';
import { infoInMemory, loadedBuilding, nextDoor, stepTo } from './state';
import { visitFields } from './visitFields';

const LONGEST_NAME = 20;

const placeOf = (door: Door): Place => ({
  building: door.building,
  household: door.household,
  door: refOf(door),
});

async function doorsOf(desk: Desk, building: string): Promise<ReadonlyMap<string, Door>> {
  const loaded = await loadedBuilding(desk, building);
  if (!loaded) throw new Refusal('no_such_building');
  return loaded.drawn.doors;
}

async function doorOf(desk: Desk, building: string, household: string): Promise<Door> {
  const loaded = await loadedBuilding(desk, building);
  if (!loaded) throw new Refusal('no_such_building');
  const door = loaded.drawn.doors.get(loaded.drawn.doorOf.get(household) ?? household);
  if (!door) throw new Refusal('no_such_door', 'household');
  return door;
}

/** Everything of one save is written together; when this resolves it is on disk. */
async function enter(
  building: string,
  operations: OwnOperation[],
  last: Door | null,
): Promise<Saved> {
  await write(operations, (change) => {
    for (const operation of operations) {
      // What is voided or corrected needs no mending any more.
      if (operation.type === 'void') {
        forgetNotice(change, parsed<VoidOperation>(operation).operation);
      }
    }
    if (last) stepTo(change, building, last.household);
  });
  return {
    operations: operations.map(({ id }) => id),
    doors: [...new Set(operations.flatMap(({ household }) => household ?? []))],
    next: last && nextDoor(building, last.household),
  };
}

function visit(desk: Desk, door: Door, draft: VisitDraft): Promise<OwnOperation> {
  const building = infoInMemory(door.building);
  if (!building) throw new Refusal('no_such_building');
  const where = {
    building,
    position: state.position.value,
    now: desk.clock.now(),
    leaflet: carried(desk),
  };
  const fields = visitFields(draft, door.household, door.wish, where);
  return makeOperation({ ...fields }, placeOf(door), desk.clock);
}

export async function record(building: string, draft: VisitDraft): Promise<Saved> {
  const { desk } = here();
  const door = await doorOf(desk, building, draft.household);
  return enter(building, [await visit(desk, door, draft)], door);
}

/** Only doors that a walk would still call at: the others were done, or are to be left in peace. */
export async function recordFloorNobodyHome(
  building: string,
  unit: string,
  floor: number | null,
): Promise<Saved> {
  const { desk } = here();
  const { day } = state.today.value;
  const doors = [...(await doorsOf(desk, building)).values()].filter(
    (door) => door.unit === unit && door.floor === floor && worthAKnock(door, day),
  );
  const operations: OwnOperation[] = [];
  for (const door of doors) {
    operations.push(await visit(desk, door, { household: door.household, outcome: 'no_answer' }));
  }
  return enter(building, operations, lastOf(doors) ?? null);
}

export async function voidOperation(
  building: string,
  operation: string,
  reason: VoidReason,
): Promise<Saved> {
  const { desk } = here();
  return enter(building, [await voiding(desk, building, operation, reason)], null);
}

async function voiding(
  desk: Desk,
  building: string,
  target: string,
  reason: VoidReason,
): Promise<OwnOperation> {
  const own = await findOwn(desk, target);
  const household = own?.household ?? (await householdOf(desk, building, target));
  const door = own?.door ?? (await refIn(desk, building, household));
  const fields: Fields = { type: 'void', operation: target, reason };
  const place = { building, household, door, ...(own ? { voids: own.type } : {}) };
  return makeOperation(fields, place, desk.clock);
}

async function findOwn(desk: Desk, id: string): Promise<OwnOperation | undefined> {
  return (
    desk.operations.get(id) ?? desk.store.read(['log'], (tx) => tx.get<OwnOperation>('log', id))
  );
}

/** Whose visit it is, among what the server told of the building. */
async function householdOf(desk: Desk, building: string, visitId: string): Promise<string | null> {
  const doors = (await loadedBuilding(desk, building))?.building.doors.values() ?? [];
  for (const door of doors) if (door.visits?.id.includes(visitId)) return door.id;
  return null;
}

async function refIn(
  desk: Desk,
  building: string,
  household: string | null,
): Promise<DoorRef | null> {
  const loaded = await loadedBuilding(desk, building);
  const door = household === null ? undefined : loaded?.drawn.doors.get(household);
  return door ? refOf(door) : null;
}

export async function correct(
  building: string,
  operation: string,
  draft: VisitDraft,
): Promise<Saved> {
  const { desk } = here();
  const door = await doorOf(desk, building, draft.household);
  // Checked before anything is voided: a draft that is refused changes nothing.
  const fresh = await visit(desk, door, draft);
  const gone = await voiding(desk, building, operation, 'wrong_outcome');
  return enter(building, [gone, fresh], door);
}

export async function undo(saved: Saved): Promise<Saved> {
  const { desk } = here();
  const operations: OwnOperation[] = [];
  for (const id of saved.operations) {
    const own = await findOwn(desk, id);
    // A void cannot be voided: undoing a correction takes back the visit that it wrote.
    if (!own || own.type === 'void' || own.building === null) continue;
    operations.push(await voiding(desk, own.building, id, 'wrong_outcome'));
  }
  const building = operations[0]?.building;
  if (!building) return { operations: [], doors: [], next: null };
  return enter(building, operations, null);
}

export async function addDoor(building: string, door: NewDoor): Promise<Saved> {
  const { desk } = here();
  const unit = door.unit.trim();
  const room = door.room.trim();
  if (!room || room.length > LONGEST_NAME) throw new Refusal('invalid', 'room');
  if (unit.length > LONGEST_NAME) throw new Refusal('invalid', 'unit');
  if (door.floor !== null && !Number.isInteger(door.floor)) throw new Refusal('invalid', 'floor');
  for (const other of (await doorsOf(desk, building)).values()) {
    const same = doorKey(other.unit, other.room) === doorKey(unit, room);
    if (same && !other.retired) throw new Refusal('exists', other.household);
  }
  const household = newId();
  const { floor } = door;
  const fields: Fields = {
    type: 'household_add',
    household,
    building,
    unit,
    ...(floor === null ? {} : { floor }),
    room,
  };
  const place = { building, household, door: { building, household, unit, floor, room } };
  const saved = await enter(building, [await makeOperation(fields, place, desk.clock)], null);
  return { ...saved, next: place.door };
}

export async function recordWish(building: string, household: string, wish: Wish): Promise<Saved> {
  const { desk } = here();
  const door = await doorOf(desk, building, household);
  const fields: Fields = {
    type: 'door_wish',
    household: door.household,
    ...(wish.no_visits_until ? { no_visits_until: wish.no_visits_until } : {}),
    ...(wish.outcome_only ? { outcome_only: true } : {}),
  };
  return enter(building, [await makeOperation(fields, placeOf(door), desk.clock)], null);
}
