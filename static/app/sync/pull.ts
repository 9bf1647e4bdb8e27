/** Fetches what changed, bucket by bucket, until the server says that this is all. */
import { call } from '../core/api';
import { minus, one, plus } from '../core/digest';
import { idAt } from '../core/ids';
import type { Change as BucketChange, PullAnswer, ResultRow, Row } from '../core/wire';
import { type Change, type Desk, registeredFeatures, unsent } from './desk';
import type { Line } from './line';
import { forgetOldNotices, note } from './notices';
import { isDone, type OwnOperation, recorded, settled } from './operations';

/** Own operations stay on the phone this long after the server confirmed them (milliseconds). */
export const KEPT = 90 * 86_400_000;

export async function pullAll(desk: Desk, line: Line): Promise<void> {
  // What was answered before this moment is in the rows that now come.
  const started = await desk.change((change) => ++change.meta.tick, 'relaxed');
  for (;;) {
    const { cursors } = desk.meta;
    const waiting = unsent(desk.operations.values()).length;
    const body = JSON.stringify({ cursors, waiting });
    const answer = await line.write((csrf) =>
      call<PullAnswer>('/sync/pull', { method: 'POST', body, csrf }),
    );
    const { scope, changes, more } = answer.data;
    await desk.change((change) => line.heard(change, answer), 'relaxed');
    // A bucket and its cursor in one transaction: a page cut short goes on where it stopped, and
    // a save at the same time waits for one bucket at most.
    for (const [bucket, rows] of Object.entries(changes)) {
      await desk.change((change) => applyBucket(change, bucket, rows), 'relaxed');
    }
    if (!more) return desk.change((change) => complete(change, scope, started));
  }
}

/**
 * A look at a few small buckets, in one request. True when there may be more to fetch. Own operations
 * are settled by complete pulls alone.
 */
export async function pullSome(desk: Desk, line: Line, only: readonly string[]): Promise<boolean> {
  const cursors = Object.fromEntries(only.map((bucket) => [bucket, desk.meta.cursors[bucket]]));
  const body = JSON.stringify({ cursors, only });
  const answer = await line.write((csrf) =>
    call<PullAnswer>('/sync/pull', { method: 'POST', body, csrf }),
  );
  const { changes, more, epoch } = answer.data;
  if (epoch !== desk.meta.epoch) return true;
  for (const [bucket, news] of Object.entries(changes)) {
    // Somebody else's push moves every cursor: nothing is written for that alone.
    if (news.rows.length + (news.gone?.length ?? 0) === 0 && !news.reset) continue;
    await desk.change((change) => applyBucket(change, bucket, news), 'relaxed');
    // Somebody waits for it; and unlike a first download it is little.
    desk.publish();
  }
  return more;
}

async function applyBucket(change: Change, bucket: string, rows: BucketChange): Promise<void> {
  change.meta.cursors[bucket] = rows.cursor;
  for (const feature of registeredFeatures()) {
    if (await feature.apply?.(change, bucket, rows)) return;
  }
  change.putBucket(bucket, merged(change.bucket(bucket), rows));
  for (const row of rows.rows ?? []) if (isResult(row)) await heed(change, row);
}

/** A small bucket is kept whole; a row replaces the earlier one with its kind and id. */
export function merged(rows: ReadonlyMap<string, Row>, change: BucketChange): Map<string, Row> {
  const next = new Map(change.reset ? [] : rows);
  const gone = new Set((change.gone ?? []).map(String));
  for (const [key, row] of next) if (gone.has(String(row.id))) next.delete(key);
  for (const row of change.rows ?? []) next.set(`${row.kind} ${row.id}`, row);
  return next;
}

const isResult = (row: Row): row is ResultRow => row.kind === 'result';

/** What became of an own operation that waited or was held. */
async function heed(change: Change, row: ResultRow): Promise<void> {
  const operation =
    change.operations.get(row.id) ?? (await change.tx.get<OwnOperation>('log', row.id));
  if (!operation || operation.status === 'unsent' || operation.status === row.status) return;
  // Several came under one id: the row is about one of them, by its bytes.
  const mine = row.hash ? row.hash === operation.hash : operation.code !== 'id_taken';
  if (!mine) return;
  change.meta.tick += 1;
  const after = settled(operation, row, change.meta.tick, serverNow(change));
  if (change.operations.has(row.id)) change.putOperation(after);
  else change.takeBack(after);
  note(change, after);
}

const serverNow = ({ desk, meta }: Change): number => desk.clock.now() + meta.skew;

async function complete(change: Change, scope: string[], started: number): Promise<void> {
  const { meta } = change;
  meta.scope = scope;
  meta.lastSyncAt = serverNow(change);
  for (const operation of [...change.operations.values()]) {
    // Answered after the pull began: the rows may not know of it yet.
    if (isDone(operation) && (operation.answered ?? 0) <= started) change.moveToLog(operation);
  }
  for (const feature of registeredFeatures()) await feature.completed?.(change, new Set(scope));
  for (const bucket of Object.keys(meta.cursors)) {
    if (!scope.includes(bucket) && !bucket.startsWith('building:')) delete meta.cursors[bucket];
  }
  await prune(change);
  forgetOldNotices(change.meta);
}

/** What is older than the 90 days leaves a count and a sum of hashes, for comparing receipts. */
async function prune(change: Change): Promise<void> {
  const { meta, tx } = change;
  // The server's time: a phone's clock that jumps a year ahead must not throw the log away.
  const now = serverNow(change);
  const log = await tx.all<OwnOperation>('log', IDBKeyRange.upperBound(idAt(now - KEPT)));
  for (const operation of log) {
    if (now - (operation.answered_at ?? now) < KEPT) continue;
    tx.delete('log', operation.id);
    if (!recorded(operation)) continue;
    meta.log = minus(meta.log, one(operation.hash));
    meta.pruned = plus(meta.pruned, one(operation.hash));
  }
}
