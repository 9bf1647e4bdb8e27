/**
 * How long a phone keeps whom an alert is about (design 5.3): until the deadline, or the last complete
 * pull, plus twelve hours; a clock that runs backwards ends it at once.
 */
import type { MyAlertRow, MyFollowUpRow } from '../../contract';
import { addDays, startOfDay } from '../../core/clock';
import type { Row } from '../../core/wire';
import type { Desk } from '../../sync/desk';

const LEASE = 12 * 3_600_000;
/** Clocks are put right by a little now and then. */
const PUT_RIGHT = 10 * 60_000;

type Leased = (MyAlertRow | MyFollowUpRow) & Row;

/** Rows of one's own bucket that say whom it is about. */
const leased = (desk: Desk): Leased[] => [
  ...desk.rows<MyAlertRow>('me', 'my_alert'),
  ...desk.rows<MyFollowUpRow>('me', 'my_follow_up').filter(({ opened }) => opened),
];

/** A follow-up has until the end of its day. */
const untilOf = (row: Leased, zone: string): number =>
  row.kind === 'my_alert' ? row.deadline : startOfDay(addDays(row.due_on, 1), zone);

function endOf(desk: Desk, row: Leased): number {
  const until = untilOf(row, desk.member.community.timezone);
  return Math.max(until, desk.meta.lastSyncAt ?? 0) + LEASE;
}

/** When the next lease ends; Infinity when nobody's data is here. */
export const nextEnd = (desk: Desk): number =>
  Math.min(Number.POSITIVE_INFINITY, ...leased(desk).map((row) => endOf(desk, row)));

/** Takes from the phone what it may not keep any more; the next pull brings it again, if it may. */
export async function endLeases(desk: Desk): Promise<void> {
  const now = desk.clock.now() + desk.meta.skew;
  const backwards = now < desk.meta.seenAt - PUT_RIGHT;
  const over = leased(desk).filter((row) => backwards || now >= endOf(desk, row));
  if (over.length === 0) return;
  await desk.change((change) => {
    const rows = new Map(change.bucket('me'));
    for (const row of over) {
      const key = `${row.kind} ${row.id}`;
      if (row.kind === 'my_alert') rows.delete(key);
      else rows.set(key, withoutPerson(row));
    }
    change.putBucket('me', rows);
    delete change.meta.cursors['me'];
  });
}

function withoutPerson(row: MyFollowUpRow): Row & MyFollowUpRow {
  const { kind, id, alert, number, due_on, step, risk } = row;
  const { scam_type = null, outcome = null, building = null, place = '' } = row;
  return { kind, id, alert, number, due_on, step, risk, scam_type, outcome, building, place };
}
