/** Sends what was recorded: oldest first, the same bytes every time, and keeps every answer. */
import { type Answer, ApiError, call } from '../core/api';
import { isoLocal } from '../core/clock';
import { heedMinClient } from '../core/update';
import type { PushAnswer, PushResult } from '../core/wire';
import { type Desk, unsent } from './desk';
import type { Line } from './line';
import { note } from './notices';
import { type OwnOperation, settled } from './operations';

const MOST = 500;
/** Characters in one body: beyond it a slow stairwell connection never finishes. */
const LARGEST = 400_000;

const urgent = new Set<string>();
/** Operations of this type go before all others. */
export const pushFirst = (type: string): void => void urgent.add(type);

/** Until nothing is unsent that was there at the start or came meanwhile. */
export async function pushAll(desk: Desk, line: Line): Promise<void> {
  let most = MOST;
  for (;;) {
    const batch = nextBatch(unsent(desk.operations.values()), most);
    if (batch.length === 0) return;
    try {
      const answer = await pushOnce(desk, line, batch);
      if (!(await settle(desk, line, batch, answer))) throw new ApiError(0, {});
    } catch (error) {
      // Too large for a proxy on the way: smaller ones until it fits.
      if (!(error instanceof ApiError) || error.status !== 413 || most === 1) throw error;
      most = Math.max(1, Math.floor(batch.length / 2));
    }
  }
}

export function nextBatch(waiting: OwnOperation[], most: number): OwnOperation[] {
  const ordered = waiting.sort(
    (a, b) => Number(urgent.has(b.type)) - Number(urgent.has(a.type)) || (a.id < b.id ? -1 : 1),
  );
  const batch: OwnOperation[] = [];
  let size = 0;
  for (const operation of ordered) {
    size += operation.text.length;
    if (batch.length > 0 && (batch.length === most || size > LARGEST)) break;
    batch.push(operation);
  }
  return batch;
}

/** The stored texts are put together as they are: what was hashed is what travels. */
export function bodyOf(batch: OwnOperation[], sentAt: number): string {
  const texts = batch.map((operation) => operation.text).join(',');
  return `{"sent_at":${JSON.stringify(isoLocal(sentAt))},"operations":[${texts}]}`;
}

function pushOnce(desk: Desk, line: Line, batch: OwnOperation[]): Promise<Answer<PushAnswer>> {
  return line.write((csrf) =>
    call<PushAnswer>('/sync/push', {
      method: 'POST',
      body: bodyOf(batch, desk.clock.now()),
      csrf,
    }),
  );
}

/** False when the answer was about none of them: asking again at once would go on for ever. */
async function settle(
  desk: Desk,
  line: Line,
  batch: OwnOperation[],
  answer: Answer<PushAnswer>,
): Promise<boolean> {
  const results = resultsById(batch, answer.data.results);
  await desk.change(async (change) => {
    await line.heard(change, answer);
    change.meta.tick += 1;
    for (const { id } of batch) {
      const operation = change.operations.get(id);
      const result = results.get(id);
      if (!operation || !result) continue;
      const now = desk.clock.now() + change.meta.skew;
      const after = settled(operation, result, change.meta.tick, now);
      change.putOperation(after);
      note(change, after);
    }
  });
  heedMinClient(answer.data.min_client);
  return results.size > 0;
}

/** By id; an element without a usable id is answered at its place in the order. */
function resultsById(batch: OwnOperation[], results: PushResult[]): Map<string, PushResult> {
  const ids = new Set(batch.map((operation) => operation.id));
  const found = new Map<string, PushResult>();
  results.forEach((result, i) => {
    const given = result.id ?? '';
    const id = ids.has(given) ? given : results.length === batch.length && batch[i]?.id;
    if (id && !found.has(id)) found.set(id, result);
  });
  return found;
}
