/** What of alerts has to be there from the start; the screens come later. */
import type { AlertRow, MyAlertRow, MyFollowUpRow } from '../../contract';
import { state } from '../../core/field';
import { idle } from '../../core/idle';
import type { Desk, Feature } from '../../sync/desk';
import type { OwnOperation } from '../../sync/operations';
import { pushFirst } from '../../sync/push';
import { doorKey } from '../places/key';
import { alertOf, type Given, given, isAboutAlerts, NOTHING, TYPES } from './given';
import { endLeases, nextEnd } from './lease';

/** The longest that a timer can wait (milliseconds). */
const LONGEST = 2 ** 31 - 1;

for (const type of TYPES) pushFirst(type);

export const alertFeature: Feature = {
  publish(desk) {
    clearTimeout(timer);
    if (!desk) return show(NOTHING);
    watchLeases(desk);
    const before = given.value;
    const now = read(desk);
    if (same(before, now)) return;
    show(now);
    if (toSeal(before, now)) sealLater(desk);
  },

  // Erasing must not fail for it: what is left is found at the next start.
  erased: (desk) => seal(desk).catch(() => {}),
};

let timer: ReturnType<typeof setTimeout> | undefined;

function watchLeases(desk: Desk): void {
  const end = nextEnd(desk);
  if (end === Number.POSITIVE_INFINITY) return;
  // Also at once: the clock may have been set back. Failures are tried again with the next change.
  void endLeases(desk).catch(() => {});
  const left = end - (desk.clock.now() + desk.meta.skew);
  const again = (): void => desk.publish();
  timer = setTimeout(again, Math.min(LONGEST, Math.max(1_000, left)));
}

let buckets: [unknown, unknown] = [null, null];

/** The rows, as the same lists when their buckets did not change. */
function read(desk: Desk): Given {
  const { member } = desk.member;
  const before = given.value;
  const own = [...desk.operations.values()].filter(isAboutAlerts);
  const there: [unknown, unknown] = [desk.bucket('community'), desk.bucket('me')];
  const known = before.me === member.id && there.every((bucket, i) => bucket === buckets[i]);
  buckets = there;
  return {
    team: known ? before.team : desk.rows<AlertRow>('community', 'alert'),
    mine: known ? before.mine : desk.rows<MyAlertRow>('me', 'my_alert'),
    dues: known ? before.dues : desk.rows<MyFollowUpRow>('me', 'my_follow_up'),
    own: alike(before.own, own) ? before.own : own,
    me: member.id,
    coordinator: member.role === 'coordinator',
  };
}

const alike = (a: readonly OwnOperation[], b: readonly OwnOperation[]): boolean =>
  a.length === b.length && a.every((operation, i) => operation === b[i]);

const same = (a: Given, b: Given): boolean =>
  (Object.keys(b) as (keyof Given)[]).every((key) => a[key] === b[key]);

function show(now: Given): void {
  given.value = now;
  const doors = now.mine.flatMap(({ household, building, unit, room }) => [
    ...(household ? [household] : []),
    ...(building && room ? [`${building} ${doorKey(unit ?? '', room)}`] : []),
  ]);
  const known = state.alertDoors.value;
  if (doors.length !== known.size || doors.some((door) => !known.has(door))) {
    state.alertDoors.value = new Set(doors);
  }
}

const gone = <T extends { id: string }>(a: readonly T[], b: readonly T[]): boolean =>
  a.some(({ id }) => !b.some((one) => one.id === id));

/** Something was let go, or an own operation was answered; after a start nobody knows. */
const toSeal = (before: Given, now: Given): boolean =>
  before.me !== now.me ||
  gone(before.mine, now.mine) ||
  gone(before.dues, now.dues) ||
  gone(before.own, now.own) ||
  now.own.some((one) => one.status !== 'unsent' && isLetGo(one, now));

/** What it says is about an alert that is not here any more. */
function isLetGo(operation: OwnOperation, { mine, dues }: Pick<Given, 'mine' | 'dues'>): boolean {
  const alert = alertOf(operation);
  if (alert === null) return false;
  const asked = dues.some((due) => due.opened && due.alert === alert);
  return !asked && !mine.some(({ id }) => id === alert);
}

let sealing: Promise<void> = Promise.resolve();

function sealLater(desk: Desk): void {
  idle(() => {
    // What cannot be sealed now is found again after the next start.
    sealing = sealing.then(() => seal(desk)).catch(() => {});
  });
}

/** What was recorded of alerts that are not here any more can be sent again, not read. */
async function seal(desk: Desk): Promise<void> {
  const { sealAt } = await import('../../sync/sealing');
  const there: Pick<Given, 'mine' | 'dues'> = {
    mine: desk.rows<MyAlertRow>('me', 'my_alert'),
    dues: desk.rows<MyFollowUpRow>('me', 'my_follow_up'),
  };
  await sealAt(desk, (operation) => isLetGo(operation, there));
}
