/**
 * The doors in memory: which buildings there are, how each looks, and what follows from a change.
 * Drawn buildings stay in memory once opened; the list itself needs summaries only.
 */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';

import { addDays, dayOf, startOfDay } from '../../core/clock';
import { state } from '../../core/field';
import { idAt } from '../../core/ids';
import { metres, usable } from '../../core/position';
import type {
  BuildingSummary,
  BuildingView,
  Door,
  DoorHistory,
  DoorRef,
  DueItem,
} from '../../core/types';
import type { AssignmentRow, Change as BucketChange, HouseholdRow } from '../../core/wire';
import type { Change, Desk, Feature } from '../../sync/desk';
import { isOpen, type OwnOperation } from '../../sync/operations';
import { alertOf, given } from '../alerts/given';
import {
  applied,
  type Building,
  type BuildingRecord,
  infoOf,
  NO_BUILDING,
  pack,
  unpack,
} from '../places/record';
import { nextAfter, refOf } from '../places/walk';
import { historyOf } from './doorHistory';
import { type Drawn, draw, type Today } from './draw';
import { outboxOf, remarksOf } from './outbox';
import {
  type Progress,
  type Summary,
  type Surroundings,
  shown,
  summarise,
  unitsOf,
  viewOf,
} from './summary';
import { doneToday, myVisits } from './today';
import { partOf } from './when';

const BUCKET = 'building:';
/** How far back today's own operations are looked for by their ids, whatever the clock did. */
const RECENT = 36 * 3_600_000;
/** More than these nobody scrolls through. */
const MOST_DUE = 50;

interface Loaded {
  building: Building;
  drawn: Drawn;
}

type Memory = { summaries: Map<string, Summary>; loaded: Map<string, Loaded> };

let memory: Memory = { summaries: new Map(), loaded: new Map() };
/** Own operations of the last days that have gone to the log. */
let logged: ReadonlyMap<string, OwnOperation> = new Map();
const views = new Map<string, Signal<BuildingView | null | undefined>>();
/** Buildings as a change under way will leave them. */
const drafts = new WeakMap<Change, Map<string, Building | null>>();
/** Where the own hand was last, for a change under way. */
const steps = new WeakMap<Change, Map<string, Progress>>();
let current: Desk | null = null;

export function todayOf(desk: Desk): Today {
  const zone = desk.member.community.timezone;
  const day = dayOf(desk.clock.now() + desk.clock.skew, zone);
  return { day, start: startOfDay(day, zone) };
}

export const dayFromNow = (desk: Desk, offset: number): string =>
  addDays(todayOf(desk).day, offset);

const ownOf = (operations: ReadonlyMap<string, OwnOperation>, building: string): OwnOperation[] =>
  [...operations.values()].filter((operation) => operation.building === building);

type Assigned = ReadonlyMap<string, string[] | null>;
/** A bucket that changes is another object. */
const assignments = new WeakMap<object, Assigned>();

/** Units by building; null: all of them. */
function assignmentsOf(desk: Desk): Assigned {
  const bucket = desk.bucket('me');
  let found = assignments.get(bucket);
  if (!found) {
    const units = new Map<string, string[] | null>();
    for (const row of desk.rows<AssignmentRow & { kind: string }>('me', 'assignment')) {
      const before = units.get(row.building);
      const all = row.units === null || before === null;
      units.set(row.building, all ? null : [...(before ?? []), ...(row.units ?? [])]);
    }
    found = units;
    assignments.set(bucket, found);
  }
  return found;
}

const mineOf = (desk: Desk, building: string): string[] | null =>
  assignmentsOf(desk).get(building) ?? null;

export const doorFeature: Feature = {
  async load(desk, tx) {
    // Whichever is earlier: the clock may have been put right since the skew was measured.
    const now = desk.clock.now() + Math.min(0, desk.clock.skew);
    const [names, summaries, recent] = await Promise.all([
      tx.keys('summaries'),
      tx.all<Summary>('summaries'),
      tx.all<OwnOperation>('log', IDBKeyRange.lowerBound(idAt(now - RECENT))),
    ]);
    const list = new Map<string, Summary>();
    names.forEach((name, i) => {
      const summary = summaries[i];
      if (summary) list.set(name, summary);
    });
    memory = { summaries: list, loaded: new Map() };
    logged = new Map(recent.map((operation) => [operation.id, operation]));
  },

  async apply(change, bucket, rows) {
    if (!bucket.startsWith(BUCKET)) return false;
    const id = bucket.slice(BUCKET.length);
    const building = applied((await readBuilding(change, id)) ?? NO_BUILDING, rows as BucketChange);
    change.tx.put('buildings', id, pack(building));
    draftsOf(change).set(id, building);
    change.touched.add(id);
    takeOver(change, id, rows as BucketChange);
    return true;
  },

  async completed(change, scope) {
    for (const id of memory.summaries.keys()) {
      const own = ownOf(change.operations, id);
      const busy = own.some((operation) => operation.status === 'unsent' || isOpen(operation));
      if (scope.has(BUCKET + id) || busy) continue;
      change.tx.delete('buildings', id);
      change.tx.delete('summaries', id);
      delete change.meta.cursors[BUCKET + id];
      draftsOf(change).set(id, null);
      change.touched.add(id);
    }
  },

  async derive(change) {
    const summaries = new Map(memory.summaries);
    const loaded = new Map(memory.loaded);
    for (const id of change.touched) await deriveBuilding(change, id, summaries, loaded);
    const gone = [...change.desk.operations.values()].filter(
      ({ id }) => !change.operations.has(id),
    );
    return () => {
      memory = { summaries, loaded };
      if (gone.length > 0) logged = new Map([...logged, ...gone.map((o) => [o.id, o] as const)]);
    };
  },

  publish(desk) {
    if (desk !== current) forget(desk);
    if (desk) publish(desk);
  },
};

/** A door that moved here (buildings were merged, or parted) takes own operations with it. */
function takeOver(change: Change, id: string, { rows }: BucketChange): void {
  const elsewhere = [...change.operations.values()].filter(
    ({ building, household }) => building !== null && building !== id && household !== null,
  );
  if (elsewhere.length === 0) return;
  const doors = (rows ?? []).filter((row): row is HouseholdRow => row.kind === 'household');
  const here = new Set(doors.flatMap((row) => [row.id, ...(row.aliases ?? [])]));
  for (const own of elsewhere) if (here.has(own.household ?? '')) move(change, own, id);
}

function move(change: Change, own: OwnOperation, building: string): void {
  if (own.building) change.touched.add(own.building);
  change.putOperation({ ...own, building, door: own.door && { ...own.door, building } });
}

/** Recorded in the moment in which its building left: it goes where the door is now. */
async function follow(change: Change, id: string): Promise<void> {
  for (const own of ownOf(change.operations, id)) {
    for (const other of memory.summaries.keys()) {
      const doors = (await readBuilding(change, other))?.doors.values() ?? [];
      const found = [...doors].some(
        (row) => row.id === own.household || row.aliases?.includes(own.household ?? ''),
      );
      if (!found) continue;
      move(change, own, other);
      break;
    }
  }
}

function forget(desk: Desk | null): void {
  current = desk;
  if (desk) return;
  memory = { summaries: new Map(), loaded: new Map() };
  logged = new Map();
  for (const view of views.values()) view.value = undefined;
  views.clear();
  state.buildings.value = [];
  state.due.value = [];
  state.outbox.value = [];
  state.remarks.value = [];
  state.goOn.value = null;
}

function draftsOf(change: Change): Map<string, Building | null> {
  let found = drafts.get(change);
  if (!found) {
    found = new Map();
    drafts.set(change, found);
  }
  return found;
}

async function readBuilding(change: Change, id: string): Promise<Building | null> {
  const draft = draftsOf(change).get(id);
  if (draft !== undefined) return draft;
  const known = memory.loaded.get(id)?.building;
  if (known) return known;
  const record = await change.tx.get<BuildingRecord>('buildings', id);
  return record ? unpack(record) : null;
}

/** Draws one building anew and writes its summary. */
async function deriveBuilding(
  change: Change,
  id: string,
  summaries: Map<string, Summary>,
  loaded: Map<string, Loaded>,
): Promise<void> {
  const building = await readBuilding(change, id);
  if (!building) {
    summaries.delete(id);
    loaded.delete(id);
    return follow(change, id);
  }
  const today = todayOf(change.desk);
  const own = ownOf(change.operations, id);
  const drawn = draw(id, building, own, today, loaded.get(id)?.drawn);
  const old = summaries.get(id);
  const progress = steps.get(change)?.get(id) ?? {
    lastDoor: old?.lastDoor ?? null,
    workedAt: old?.workedAt ?? null,
  };
  const mine = mineOf(change.desk, id);
  const summary: Summary = {
    ...summarise(infoOf(id, building.row), drawn, mine, progress, triedNow(change.desk)),
    mine: myVisits(building, change.desk.member.member.id, today),
  };
  change.tx.put('summaries', id, summary);
  summaries.set(id, summary);
  // Only what a screen has opened stays in memory whole.
  if (loaded.has(id) || views.has(id)) loaded.set(id, { building, drawn });
}

/** The last door that the own hand recorded: "next" goes on from there. */
export function stepTo(change: Change, building: string, door: string): void {
  const found = steps.get(change) ?? new Map<string, Progress>();
  found.set(building, { lastDoor: door, workedAt: change.desk.clock.now() });
  steps.set(change, found);
}

function publish(desk: Desk): void {
  const today = todayOf(desk);
  const community = state.community.value;
  const position = state.position.value;
  const here = usable(position, desk.clock.now()) ? position : null;
  const unsent = new Map<string | null, number>();
  for (const { building, status } of desk.operations.values()) {
    if (status === 'unsent') unsent.set(building, (unsent.get(building) ?? 0) + 1);
  }
  const scope = new Set(desk.meta.scope);
  const list = [...memory.summaries].map(([id, summary]) =>
    tell(summary, {
      community,
      today: today.day,
      unsent: unsent.get(id) ?? 0,
      // Before the first complete pull everything that came is mine.
      yours: scope.size === 0 || scope.has(BUCKET + id),
      assignedUnits: mineOf(desk, id),
      distance: here && metres(here, summary.info),
    }),
  );
  state.buildings.value = list;
  for (const building of list) showView(desk, building, today);
  for (const [id, view] of views) {
    if (!memory.summaries.has(id)) view.value = null;
    // Another tab wrote, and what was in memory was let go.
    else if (!memory.loaded.has(id)) void open(desk, id);
  }
  state.due.value = dueItems(list, today);
  state.goOn.value = goOn(list, today);
  state.today.value = doneToday(
    [...logged.values(), ...desk.operations.values()],
    [...memory.summaries.values()].flatMap((one) =>
      one.day === today.day ? (one.mine ?? []) : [],
    ),
    today,
    (id) => memory.summaries.get(id)?.info.practice ?? false,
  );
  const nameOf = (id: string): string | null => memory.summaries.get(id)?.info.name ?? null;
  state.remarks.value = remarksOf(desk.meta.notices, nameOf);
  // Of what is locked only the number is shown.
  const shownOf = desk.member.status === 'revoked' ? [] : desk.operations.values();
  state.outbox.value = outboxOf(shownOf, {
    nameOf,
    visitsOf: (operation) => {
      const found = memory.loaded.get(operation.building ?? '');
      const door = found?.drawn.doorOf.get(operation.household ?? '');
      return door === undefined ? undefined : found?.building.doors.get(door)?.visits;
    },
    memberName: (id) => state.team.value.find((member) => member.id === id)?.name ?? null,
    alertNumber: (operation) => {
      const id = alertOf(operation);
      return given.value.team.find((row) => row.id === id)?.number ?? null;
    },
    me: desk.member.member.id,
  });
}

type Told = { around: Surroundings; building: BuildingSummary };
const told = new WeakMap<Summary, Told>();

/** What is shown of a building; the same object as before when nothing of it changed. */
function tell(summary: Summary, around: Surroundings): BuildingSummary {
  const before = told.get(summary);
  const keys = Object.keys(around) as (keyof Surroundings)[];
  if (before && keys.every((key) => before.around[key] === around[key])) return before.building;
  const building = shown(summary, around);
  told.set(summary, { around, building });
  return building;
}

function showView(desk: Desk, building: BuildingSummary, today: Today): void {
  const view = views.get(building.id);
  const found = memory.loaded.get(building.id);
  if (!view || !found) return;
  if (found.drawn.day !== today.day) {
    const own = ownOf(desk.operations, building.id);
    found.drawn = draw(building.id, found.building, own, today, found.drawn);
  }
  const before = view.value;
  if (before?.building === building && before.doors === found.drawn.doors) return;
  view.value = viewOf(building, found.drawn, state.community.value, before);
}

function dueItems(list: readonly BuildingSummary[], today: Today): DueItem[] {
  const items: DueItem[] = [];
  for (const { id, yours, practice } of list) {
    const found = memory.summaries.get(id);
    if (!found || !yours || practice) continue;
    const { info, dated } = found;
    for (const { door, on } of dated) {
      if (on <= today.day) items.push({ door, on, buildingName: info.name });
    }
  }
  return items.sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0)).slice(0, MOST_DUE);
}

/** The building worked in last today, else the nearest (or first) one with something left. */
function goOn(list: readonly BuildingSummary[], today: Today): BuildingSummary['next'] {
  const open = list.filter(({ next, yours }) => next !== null && yours);
  const worked = (id: string): number => memory.summaries.get(id)?.workedAt ?? 0;
  const rank = (b: BuildingSummary): number => Number(worked(b.id) < today.start);
  open.sort(
    (a, b) =>
      rank(a) - rank(b) ||
      (rank(a) === 0 ? worked(b.id) - worked(a.id) : 0) ||
      Number(a.practice) - Number(b.practice) ||
      (a.distance ?? Infinity) - (b.distance ?? Infinity) ||
      0,
  );
  return open[0]?.next ?? null;
}

/** The signal of one building; the first to ask makes it load. */
export function building(desk: Desk, id: string): ReadonlySignal<BuildingView | null | undefined> {
  let view = views.get(id);
  if (!view) {
    view = signal(undefined);
    views.set(id, view);
    void open(desk, id);
  }
  return view;
}

async function open(desk: Desk, id: string): Promise<void> {
  await load(desk, id);
  if (desk !== current) return;
  const summary = state.buildings.value.find((found) => found.id === id);
  const view = views.get(id);
  if (summary) showView(desk, summary, todayOf(desk));
  else if (view) view.value = null;
}

async function load(desk: Desk, id: string): Promise<void> {
  while (desk === current && !memory.loaded.has(id)) {
    const before = memory;
    const record = await desk.store.read(['buildings'], (tx) =>
      tx.get<BuildingRecord>('buildings', id),
    );
    // A change that went by meanwhile may have made this read old: read again.
    if (memory !== before) continue;
    if (!record) return;
    const whole = unpack(record);
    const drawn = draw(id, whole, ownOf(desk.operations, id), todayOf(desk));
    memory.loaded.set(id, { building: whole, drawn });
  }
}

/** What is loaded of a building, for recording in it; loads it if need be. */
export async function loadedBuilding(desk: Desk, id: string): Promise<Loaded | null> {
  if (!memory.summaries.has(id)) return null;
  building(desk, id);
  if (!memory.loaded.has(id)) await open(desk, id);
  return memory.loaded.get(id) ?? null;
}

export const infoInMemory = (id: string): Summary['info'] | null =>
  memory.summaries.get(id)?.info ?? null;

export function doorHistory(desk: Desk, buildingId: string, household: string): DoorHistory {
  building(desk, buildingId).value;
  const found = memory.loaded.get(buildingId);
  if (!found) return { items: [], earlier: 0 };
  const { drawn } = found;
  const door = drawn.doorOf.get(household) ?? household;
  const own = ownOf(desk.operations, buildingId).filter(
    (operation) => drawn.doorOf.get(operation.household ?? '') === door,
  );
  const team = new Map(state.team.value.map((member) => [member.id, member.name]));
  return historyOf(found.building.doors.get(door), own, drawn.voided, {
    me: desk.member.member.id,
    coordinator: desk.member.member.role === 'coordinator',
    nameOf: (member) => (member === null ? null : (team.get(member) ?? null)),
    outcomeOnly: drawn.doors.get(door)?.wish?.outcome_only === true,
    warningOf: (id) => {
      const notice = desk.meta.notices[id];
      return notice?.kind === 'warning' ? notice.code : null;
    },
  });
}

export function nextDoor(id: string, after: string | null, unit?: string): DoorRef | null {
  const found = memory.loaded.get(id);
  if (!found) return memory.summaries.get(id)?.next ?? null;
  const { drawn } = found;
  const door = after === null ? null : (drawn.doors.get(drawn.doorOf.get(after) ?? after) ?? null);
  return nextAfter(
    unitsOf(drawn, assigned(id)),
    door,
    drawn.day,
    unit,
    current ? triedNow(current) : undefined,
  );
}

export function neighbour(id: string, household: string, step: 1 | -1): DoorRef | null {
  const drawn = memory.loaded.get(id)?.drawn;
  const door = drawn?.doors.get(drawn.doorOf.get(household) ?? household);
  if (!drawn || !door) return null;
  const way = unitsOf(drawn, assigned(id)).find(({ unit }) => unit === door.unit)?.doors ?? [];
  const next = way[way.indexOf(door) + step];
  return next ? refOf(next) : null;
}

/** Whether nobody opened when it was last tried, in the part of the week that it is now. */
function triedNow({ clock, member }: Desk): (door: Door) => boolean {
  const zone = member.community.timezone;
  const now = partOf(clock.now() + clock.skew, zone);
  return ({ display, state: { last_at } }) =>
    display === 'no_answer' && last_at !== null && partOf(last_at, zone) === now;
}

const assigned = (id: string): string[] | null => (current ? mineOf(current, id) : null);

/** Summaries of another day tell yesterday's "left" and "next": draws them anew, one at a time. */
export async function refreshDay(desk: Desk): Promise<void> {
  const { day } = todayOf(desk);
  for (const [id, summary] of memory.summaries) {
    if (summary.day === day || desk !== current) continue;
    await desk.change((change) => void change.touched.add(id), 'relaxed');
  }
}
