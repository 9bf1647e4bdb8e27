/**
 * A building's doors as the screens show them: what the server says, and over it, by id, the own
 * operations that it may not know of yet. Held and waiting ones are marked, never folded.
 */
import { timeOf } from '../../core/ids';
import type { Day, Door, Folded, Visit, Wish } from '../../core/types';
import type {
  DoorWishOperation,
  HouseholdAddOperation,
  HouseholdRow,
  OperationHead,
  VisitColumns,
  VisitOperation,
  VoidOperation,
} from '../../core/wire';
import { counts, fieldsOf, isOpen, type OwnOperation } from '../../sync/operations';
import { doorKey } from '../places/key';
import type { Building } from '../places/record';
import { doorState, fold, foldWishes, skippedOn, type WishOperation } from './fold';

export interface Today {
  day: Day;
  /** Its first moment in the community's time zone. */
  start: number;
}

interface Cached {
  row: HouseholdRow;
  mark: string;
  door: Door;
}

export interface Drawn {
  id: string;
  day: Day;
  doors: ReadonlyMap<string, Door>;
  /** Any id a door ever had, to the door. */
  doorOf: ReadonlyMap<string, string>;
  /** Visits and adds that an own void cancels. */
  voided: ReadonlySet<string>;
  cache: ReadonlyMap<string, Cached>;
}

/** Draws again; doors that look as before stay the same objects. */
export function draw(
  id: string,
  building: Building,
  own: readonly OwnOperation[],
  today: Today,
  before?: Drawn,
): Drawn {
  const shown = own.filter((operation) => counts(operation) || isOpen(operation));
  const voided = targetsOf(shown);
  const plan = new Plan(building, shown, voided);
  const doors = new Map<string, Door>();
  const cache = new Map<string, Cached>();
  for (const { row, provisional } of plan.rows.values()) {
    const ours = plan.own.get(row.id) ?? NONE;
    const mark = markOf(ours, provisional, today, voided);
    const old = before?.cache.get(row.id);
    const door =
      old && old.row === row && old.mark === mark
        ? old.door
        : drawDoor(id, row, ours, voided, provisional, today);
    doors.set(row.id, door);
    cache.set(row.id, { row, mark, door });
  }
  return { id, day: today.day, doors, doorOf: plan.doorOf, voided, cache };
}

const NONE: readonly OwnOperation[] = [];

function targetsOf(own: readonly OwnOperation[]): Set<string> {
  const voids = own.filter((operation) => operation.type === 'void' && counts(operation));
  return new Set(voids.map((operation) => parsed<VoidOperation>(operation).operation));
}

/** Which doors there are, and which own operations belong to each. */
class Plan {
  readonly rows = new Map<string, { row: HouseholdRow; provisional: boolean }>();
  readonly doorOf = new Map<string, string>();
  readonly own = new Map<string, OwnOperation[]>();
  /** Made when a door was added here: a plain visit asks for no keys. */
  private byKey: Map<string, string> | null = null;

  constructor(building: Building, own: readonly OwnOperation[], voided: ReadonlySet<string>) {
    for (const row of building.doors.values()) this.enter(row, false);
    for (const operation of own) {
      if (operation.type === 'household_add') this.add(operation, voided);
    }
    for (const operation of own) {
      const door = operation.household && this.doorOf.get(operation.household);
      if (!door) continue;
      const list = this.own.get(door);
      if (list) list.push(operation);
      else this.own.set(door, [operation]);
    }
  }

  private enter(row: HouseholdRow, provisional: boolean): void {
    this.rows.set(row.id, { row, provisional });
    for (const id of [row.id, ...(row.aliases ?? [])]) this.doorOf.set(id, row.id);
    this.byKey?.set(doorKey(row.unit, row.room), row.id);
  }

  private keys(): Map<string, string> {
    this.byKey ??= new Map(
      [...this.rows.values()].map(({ row }) => [doorKey(row.unit, row.room), row.id]),
    );
    return this.byKey;
  }

  /** The first with a key names the door; the others are further ids of it. */
  private add(operation: OwnOperation, voided: ReadonlySet<string>): void {
    const row = rowOf(operation);
    if (voided.has(operation.id) || this.doorOf.has(row.id)) return;
    const there = this.keys().get(doorKey(row.unit, row.room));
    if (there === undefined) this.enter(row, !counts(operation));
    else if (counts(operation)) this.doorOf.set(row.id, there);
  }
}

/** Changes whenever the door might look different. */
function markOf(
  own: readonly OwnOperation[],
  provisional: boolean,
  today: Today,
  voided: ReadonlySet<string>,
): string {
  if (own.length === 0) return `${today.day} ${provisional}`;
  const marks = own.map(({ id, status, moment }) => `${id} ${status} ${moment} ${voided.has(id)}`);
  return `${today.day} ${provisional} ${marks.join()}`;
}

function drawDoor(
  building: string,
  row: HouseholdRow,
  own: readonly OwnOperation[],
  voided: ReadonlySet<string>,
  provisional: boolean,
  today: Today,
): Door {
  const wish = wishOf(row, own, voided);
  const state = doorState(folded(row, own, voided));
  // "Outcome only": what was noted of the people is not shown, whoever noted it when.
  if (wish?.outcome_only) state.flags = null;
  return {
    building,
    household: row.id,
    unit: row.unit,
    floor: row.floor,
    room: row.room,
    retired: row.retired === true || addVoided(row, own, voided),
    state,
    display: state.display,
    wish,
    skipped: skippedOn(wish, today.day),
    visitedToday: state.last_at !== null && state.last_at >= today.start,
    unsent: own.filter(({ status }) => status === 'unsent').length,
    open: own.filter(isOpen).length,
    provisional,
  };
}

/** The add that named this door is voided, and nobody else added it. */
function addVoided(
  row: HouseholdRow,
  own: readonly OwnOperation[],
  voided: ReadonlySet<string>,
): boolean {
  if (row.aliases?.length) return false;
  return own.some(
    ({ id, type, voids, household, status }) =>
      household === row.id &&
      ((type === 'household_add' && voided.has(id)) ||
        (voids === 'household_add' && (status === 'unsent' || status === 'accepted'))),
  );
}

function folded(
  row: HouseholdRow,
  own: readonly OwnOperation[],
  voided: ReadonlySet<string>,
): Folded {
  const visits = visitsOf(row.visits);
  const there = new Set(visits.map(({ id }) => id));
  for (const operation of own) {
    if (operation.type !== 'visit' || !counts(operation) || there.has(operation.id)) continue;
    // Older than what is carried as a sum: the sum holds it already.
    if (operation.moment <= (row.carried?.last_at ?? -1)) continue;
    visits.push(visitOf(operation));
  }
  return fold(voided.size > 0 ? visits.filter(({ id }) => !voided.has(id)) : visits, row.carried);
}

/** When a visit was: columns say what its id does not. */
export const momentOf = (columns: VisitColumns, i: number): number =>
  columns.moment?.[i] ?? timeOf(columns.id[i] ?? '') + (columns.off?.[i] ?? 0);

export function visitsOf(columns: VisitColumns | undefined): Visit[] {
  if (!columns) return [];
  return columns.id.map((id, i) => ({
    id,
    moment: momentOf(columns, i),
    outcome: columns.outcome[i] ?? 'no_answer',
    app: columns.app?.[i] ?? null,
    flags: columns.flags?.[i] ?? null,
    leaflets: columns.leaflets?.[i] ?? 0,
    follow_up_on: columns.follow_up_on?.[i] ?? null,
  }));
}

export function visitOf(operation: OwnOperation): Visit {
  const fields = parsed<VisitOperation>(operation);
  return {
    id: operation.id,
    moment: operation.moment,
    outcome: fields.outcome,
    app: fields.app ?? null,
    flags: fields.flags ?? null,
    leaflets: Object.values(fields.leaflets ?? {}).reduce((sum, n) => sum + n, 0),
    follow_up_on: fields.follow_up_on ?? null,
  };
}

function wishOf(
  row: HouseholdRow,
  own: readonly OwnOperation[],
  voided: ReadonlySet<string>,
): Wish | null {
  // The row's wish has no moment here; an own one that it does not hold yet is newer.
  const wishes: WishOperation[] = row.wish ? [{ id: '', moment: 0, ...row.wish }] : [];
  for (const operation of own) {
    if (!counts(operation) || voided.has(operation.id)) continue;
    // What stood before the voided wish is not known here until the next pull.
    if (operation.voids === 'door_wish') wishes.push(operation);
    if (operation.type !== 'door_wish') continue;
    const { no_visits_until, outcome_only } = parsed<DoorWishOperation>(operation);
    wishes.push({
      id: operation.id,
      moment: operation.moment,
      ...(no_visits_until ? { no_visits_until } : {}),
      ...(outcome_only ? { outcome_only } : {}),
    });
  }
  return foldWishes(wishes);
}

const rows = new WeakMap<OwnOperation, HouseholdRow>();

/** A door added here as if the server had sent it. */
function rowOf(operation: OwnOperation): HouseholdRow {
  let row = rows.get(operation);
  if (!row) {
    const {
      household: id,
      unit = '',
      floor = null,
      room,
    } = parsed<HouseholdAddOperation>(operation);
    row = { kind: 'household', id, unit, floor, room };
    rows.set(operation, row);
  }
  return row;
}

const texts = new WeakMap<OwnOperation, OperationHead>();

/** The operation's fields, parsed once. */
export function parsed<T extends OperationHead>(operation: OwnOperation): T {
  let fields = texts.get(operation);
  if (!fields) {
    fields = fieldsOf(operation);
    texts.set(operation, fields);
  }
  return fields as T;
}
