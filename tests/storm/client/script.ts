/** What a person does in the app; numbers between 0 and 1 choose among what the screens offer. */
import type { NewDoor, VisitDraft, VoidReason, Wish } from '../../../static/app/core/types';
import type { App } from './phone';

export type Deed =
  | { kind: 'visit'; at: [number, number]; draft: Omit<VisitDraft, 'household'> }
  | { kind: 'floor'; at: [number, number] }
  | { kind: 'void'; at: [number, number]; reason: VoidReason }
  | { kind: 'correct'; at: [number, number]; draft: Omit<VisitDraft, 'household'> }
  | { kind: 'add'; at: [number, number]; door: NewDoor }
  | { kind: 'wish'; at: [number, number]; wish: Wish };

const pick = <T>(list: readonly T[], chance: number): T | undefined =>
  list[Math.floor(chance * list.length)];

/** Ids of what was saved; nothing when the app refused, as it may. */
export async function act(app: App, deed: Deed): Promise<string[]> {
  try {
    return await perform(app, deed);
  } catch (error) {
    if (error instanceof app.field.Refusal) return [];
    throw error;
  }
}

async function perform(app: App, deed: Deed): Promise<string[]> {
  const desk = app.currentDesk();
  const building = pick(app.field.state.buildings.value, deed.at[0])?.id;
  if (!desk || !building) return [];
  if (deed.kind === 'add') return (await app.field.addDoor(building, deed.door)).operations;
  if (deed.kind === 'void') return undo(app, deed.at[1], deed.reason);
  const doors = [...((await app.loadedBuilding(desk, building))?.drawn.doors.values() ?? [])];
  const door = pick(doors, deed.at[1]);
  if (!door) return [];
  const { household, unit, floor } = door;
  if (deed.kind === 'wish') {
    return (await app.field.recordWish(building, household, deed.wish)).operations;
  }
  if (deed.kind === 'floor') {
    return (await app.field.recordFloorNobodyHome(building, unit, floor)).operations;
  }
  const draft = { ...deed.draft, household };
  if (deed.kind === 'visit') return (await app.field.record(building, draft)).operations;
  const last = (await app.operations()).filter(
    (own) => own.type === 'visit' && own.household === household,
  );
  const wrong = pick(last, deed.at[1]);
  if (!wrong) return [];
  return (await app.field.correct(building, wrong.id, draft)).operations;
}

/** Takes back something of one's own, whatever has become of it. */
async function undo(app: App, chance: number, reason: VoidReason): Promise<string[]> {
  const own = (await app.operations()).filter((o) => o.type !== 'void' && o.building !== null);
  const target = pick(own, chance);
  if (!target?.building) return [];
  return (await app.field.voidOperation(target.building, target.id, reason)).operations;
}
