/**
 * Has the server everything? Count and digest of the own log are compared with its receipt after
 * each complete sync; where they differ it is asked which operations it lacks.
 */
import { call } from '../core/api';
import { minus, one, plus, type Tally } from '../core/digest';
import type { DifferencesAnswer, ReceiptAnswer } from '../core/wire';
import { type Desk, unsent } from './desk';
import { type Line, sendOnceMore } from './line';
import { type OwnOperation, recorded } from './operations';

/** At most so many pairs in one question. */
const MOST = 20_000;

/** What the server should have: all that was recorded here, but what is still to be sent. */
export function expected(desk: Desk): Tally {
  const sent = (sum: Tally, { hash }: OwnOperation): Tally => minus(sum, one(hash));
  return unsent(desk.operations.values()).reduce(sent, plus(desk.meta.log, desk.meta.pruned));
}

/** True when the server has everything that was sent; what it lacks is unsent afterwards. */
export async function compareReceipt(desk: Desk, line: Line): Promise<boolean> {
  const { data } = await call<ReceiptAnswer>('/sync/receipt');
  const mine = expected(desk);
  if (data.count === mine.count && data.digest === mine.digest) {
    await confirm(desk, mine.count);
    return true;
  }
  const { missing, different, asked } = await ask(desk, line);
  if (missing.length + different.length === 0) {
    // The server may have more: what came in a rescue file before this phone lost it.
    await confirm(desk, asked + desk.meta.pruned.count);
    return true;
  }
  await desk.change(async (change) => {
    const { count, at } = change.meta.receipt ?? { count: 0, at: 0 };
    change.meta.receipt = { count, at, different };
    for (const id of [...missing, ...different]) {
      const operation = change.operations.get(id) ?? (await change.tx.get<OwnOperation>('log', id));
      if (operation && operation.status !== 'unsent') sendOnceMore(change, operation);
    }
  });
  return false;
}

async function confirm(desk: Desk, count: number): Promise<void> {
  await desk.change((change) => {
    const at = desk.clock.now() + change.meta.skew;
    change.meta.receipt = { count, at, different: [] };
  }, 'relaxed');
  // Relaxed changes are drawn a little later; this is what somebody waits for.
  desk.publish();
}

async function ask(desk: Desk, line: Line): Promise<DifferencesAnswer & { asked: number }> {
  const log = await desk.store.read(['log'], (tx) => tx.all<OwnOperation>('log'));
  const sent = [...log, ...desk.operations.values()].filter(
    (operation) => recorded(operation) && operation.status !== 'unsent',
  );
  const found = { missing: [] as string[], different: [] as string[], asked: sent.length };
  for (let from = 0; from < sent.length; from += MOST) {
    const operations = sent.slice(from, from + MOST).map(({ id, hash }) => [id, hash]);
    const body = JSON.stringify({ operations });
    const { data } = await line.write((csrf) =>
      call<DifferencesAnswer>('/sync/receipt', { method: 'POST', body, csrf }),
    );
    found.missing.push(...data.missing);
    found.different.push(...data.different);
  }
  return found;
}
