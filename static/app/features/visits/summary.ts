/** What the list of buildings needs to know of one building, small enough to keep all in memory. */
import type {
  BuildingInfo,
  BuildingSummary,
  BuildingView,
  CommunityInfo,
  Counts,
  Day,
  Door,
  DoorRef,
  Floor,
  States,
  Unit,
} from '../../core/types';
import { byName, byWalk, nextAfter, refOf, worthAKnock } from '../places/walk';
import { count, headlinePart, noCounts, noStates, rate, toTarget } from './counts';
import type { Drawn } from './draw';
import type { MyVisit } from './today';

/** As it is stored. */
export interface Summary {
  info: BuildingInfo;
  counts: Counts;
  states: States;
  /** Dated follow-ups, due or not. */
  dated: { door: DoorRef; on: Day }[];
  left: number;
  next: DoorRef | null;
  /** `left`, `next` and `mine` are of this day. */
  day: Day;
  /** My visits of the day that the server told; missing in what an older app wrote. */
  mine?: readonly MyVisit[];
  /** Where I was last, and when. */
  lastDoor: string | null;
  workedAt: number | null;
}

export type Progress = Pick<Summary, 'lastDoor' | 'workedAt'>;

export interface UnitDoors {
  unit: string;
  doors: Door[];
}

const walks = new WeakMap<Drawn, UnitDoors[]>();

/** Units by name, mine first, each one's doors in walking order. */
export function unitsOf(drawn: Drawn, mine: readonly string[] | null): UnitDoors[] {
  let units = walks.get(drawn);
  if (!units) {
    units = inWalkingOrder(drawn);
    walks.set(drawn, units);
  }
  if (mine === null) return units;
  return [...units].sort((a, b) => Number(isMine(b.unit, mine)) - Number(isMine(a.unit, mine)));
}

function inWalkingOrder(drawn: Drawn): UnitDoors[] {
  const units = new Map<string, Door[]>();
  for (const door of drawn.doors.values()) {
    const doors = units.get(door.unit);
    if (doors) doors.push(door);
    else units.set(door.unit, [door]);
  }
  return [...units]
    .map(([unit, doors]) => ({ unit, doors: doors.sort(byWalk) }))
    .sort((a, b) => byName(a.unit, b.unit));
}

const isMine = (unit: string, mine: readonly string[] | null): boolean =>
  mine === null || mine.includes(unit);

export function summarise(
  info: BuildingInfo,
  drawn: Drawn,
  mine: readonly string[] | null,
  progress: Progress,
  /** Doors that come last: see `nextAfter`. */
  later?: (door: Door) => boolean,
): Summary {
  const counts = noCounts();
  const states = noStates();
  const dated: Summary['dated'] = [];
  let left = 0;
  for (const door of drawn.doors.values()) {
    if (door.provisional) continue;
    count(counts, door.state, door.retired);
    if (door.retired) continue;
    states[door.display] += 1;
    left += Number(worthAKnock(door, drawn.day));
    const on = door.state.follow_up_on;
    if (on !== null) dated.push({ door: refOf(door), on });
  }
  const last = progress.lastDoor === null ? null : (drawn.doors.get(progress.lastDoor) ?? null);
  const next = nextAfter(unitsOf(drawn, mine), last, drawn.day, undefined, later);
  return { info, counts, states, dated, left, next, day: drawn.day, ...progress };
}

export interface Surroundings {
  community: CommunityInfo | null;
  today: Day;
  unsent: number;
  yours: boolean;
  assignedUnits: string[] | null;
  distance: number | null;
}

export function shown(summary: Summary, around: Surroundings): BuildingSummary {
  const { info, counts, states, next, dated } = summary;
  const { community, today, ...rest } = around;
  const { headline = 'publicity' } = community ?? {};
  const target = targetOf(community);
  const part = headlinePart(counts, headline);
  return {
    ...info,
    counts,
    states,
    rate: rate(part, counts.occupied),
    target,
    toTarget: toTarget(part, counts.occupied, target),
    left: summary.left,
    due: dated.filter(({ on }) => on <= today).length,
    next,
    ...rest,
  };
}

function targetOf(community: CommunityInfo | null): number {
  if (!community) return 8_500;
  return community.headline === 'app' ? community.appTarget : community.publicityTarget;
}

export function viewOf(
  building: BuildingSummary,
  drawn: Drawn,
  community: CommunityInfo | null,
  before?: BuildingView | null,
): BuildingView {
  const mine = building.assignedUnits;
  const units = unitsOf(drawn, mine)
    .map(({ unit, doors }): Unit => {
      const old = before?.units.find((other) => other.unit === unit);
      return unitOf(unit, isMine(unit, mine), doors, community, old);
    })
    .sort((a, b) => byName(a.unit, b.unit));
  return { building, units, doors: drawn.doors };
}

function unitOf(
  unit: string,
  mine: boolean,
  doors: Door[],
  community: CommunityInfo | null,
  before: Unit | undefined,
): Unit {
  const counts = noCounts();
  const states = noStates();
  const rows = new Map<number | null, Door[]>();
  for (const door of doors) {
    if (!door.provisional) count(counts, door.state, door.retired);
    if (!door.provisional && !door.retired) states[door.display] += 1;
    const row = rows.get(door.floor);
    if (row) row.push(door);
    else rows.set(door.floor, [door]);
  }
  const floors = [...rows].map(([floor, row]): Floor => {
    const old = before?.floors.find((other) => other.floor === floor);
    return old && same(old.doors, row) ? old : { floor, doors: row };
  });
  const target = targetOf(community);
  const part = headlinePart(counts, community?.headline ?? 'publicity');
  return {
    unit,
    mine,
    counts,
    states,
    rate: rate(part, counts.occupied),
    toTarget: toTarget(part, counts.occupied, target),
    floors,
    columns: Math.max(0, ...floors.map((floor) => floor.doors.length)),
  };
}

const same = (a: readonly Door[], b: readonly Door[]): boolean =>
  a.length === b.length && a.every((door, i) => door === b[i]);
