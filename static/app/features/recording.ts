/** How features write down what somebody recorded: all of one save together, durable when it resolves. */
import { Refusal } from '../core/field';
import { isFull, noteFull } from '../core/keep';
import type { Change, Desk } from '../sync/desk';
import { type Fields, makeOperation, NOWHERE, type OwnOperation } from '../sync/operations';

type Recorded = {
  desk: Desk;
  saved: () => void;
  /** A request beside the sync, with the token for writing; rejects with ApiError. */
  ask: <T>(request: (csrf: string) => Promise<T>) => Promise<T>;
};
let at: (() => Recorded) | null = null;

/** Given by the composition: whose desk, whom to tell that something is to be sent, how to ask. */
export const recordAt = (where: () => Recorded): void => {
  at = where;
};

export function here(): Recorded {
  if (!at) throw new Refusal('storage');
  return at();
}

/** One operation that belongs to no building, recorded now. */
export async function writeNowhere(fields: Fields): Promise<void> {
  await write([await makeOperation(fields, NOWHERE, here().desk.clock)]);
}

/** `more` is written in the same transaction. */
export async function write(
  operations: readonly OwnOperation[],
  more?: (change: Change) => void,
): Promise<void> {
  const { desk, saved } = here();
  try {
    await desk.change((change) => {
      for (const operation of operations) change.putOperation(operation);
      more?.(change);
    });
  } catch (error) {
    if (isFull(error)) noteFull();
    throw error;
  }
  saved();
}
