/**
 * Own operations that the phone must still be able to send again, and must not read any more: their
 * text is put into a box for the community's server, which takes out the same bytes. Id and hash stay
 * in the open, so the receipt is compared as before.
 */
import type { Store, Tx } from '../core/storage';
import { seal } from './boxes';
import type { Desk, Meta } from './desk';
import type { OwnOperation } from './operations';

const INFO = 'qiaomen operation 1';
const STORES = ['outbox', 'log'] as const;

/** May what this operation says be forgotten on this phone? */
export type Closed = (operation: OwnOperation) => boolean;

/** The operation as an element of a push; only the server can open it. */
export async function sealedText(operation: OwnOperation, publicKey: string): Promise<string> {
  // The server knows it by these first letters.
  const head = { type: 'sealed', id: operation.id };
  return JSON.stringify({ ...head, ...(await seal(operation.text, publicKey, INFO)) });
}

/** What was answered may be sealed; what was not is still needed, and what was refused has no use. */
const canBeSealed = ({ status, sealed }: OwnOperation): boolean =>
  !sealed && status !== 'unsent' && status !== 'refused';

/** Seals what `closed` says, in outbox and log; says how many. Harmless when repeated or cut off. */
export async function sealIn(store: Store, closed: Closed): Promise<number> {
  const found = await store.read(['meta', ...STORES], async (tx) => {
    const meta = await tx.get<Meta>('meta', 'sync');
    const all = await Promise.all(STORES.map((name) => tx.all<OwnOperation>(name)));
    return { publicKey: meta?.publicKey, all: all.flat() };
  });
  const due = found.all.filter((operation) => canBeSealed(operation) && closed(operation));
  const { publicKey } = found;
  if (!publicKey || due.length === 0) return 0;
  const texts = new Map<string, string>();
  for (const operation of due) texts.set(operation.id, await sealedText(operation, publicKey));
  await store.write(['meta', ...STORES], (tx) => replace(tx, texts));
  return texts.size;
}

async function replace(tx: Tx, texts: ReadonlyMap<string, string>): Promise<void> {
  for (const [id, text] of texts) {
    for (const name of STORES) {
      const operation = await tx.get<OwnOperation>(name, id);
      // Meanwhile it may have to be sent again: then it is sealed after that.
      if (!operation || !canBeSealed(operation)) continue;
      const { message: _message, ...rest } = operation;
      tx.put(name, id, { ...rest, text, sealed: true } satisfies OwnOperation);
    }
  }
  const meta = await tx.get<Meta>('meta', 'sync');
  if (meta) tx.put('meta', 'sync', { ...meta, rev: meta.rev + 1 });
}

/** The same for the desk that is open: what it remembers follows. */
export async function sealAt(desk: Desk, closed: Closed): Promise<void> {
  if ((await sealIn(desk.store, closed)) > 0) await desk.refresh();
}
