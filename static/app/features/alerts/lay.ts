/** An alert as its worker sees it: what the server told, and over it what was recorded here. */
import type { MyAlertRow, MyFollowUpRow } from '../../contract';
import { counts, isOpen, type OwnOperation } from '../../sync/operations';
import { type Fact, fold, inOrder, type State } from './fold';
import { type Given, TYPES } from './given';
import type { AttemptFields, FollowUpFields, JoinFields, OutcomeFields } from './record';

/** unsent: only here. waiting, held: at the server, and counted by nobody yet. */
export type EntryStatus = 'confirmed' | 'unsent' | 'waiting' | 'held';

/** One operation with all its words. */
export type Entry = Fact &
  Partial<Pick<AttemptFields, 'place' | 'with_whom' | 'separate'>> &
  Partial<Pick<FollowUpFields, 'how'>> & {
    note?: string | null;
    status: EntryStatus;
    code?: string;
  };

export interface Working {
  row: MyAlertRow;
  /** In order; also what is held or waits, which the state leaves out. */
  entries: Entry[];
  state: State;
}

type Recorded = AttemptFields & OutcomeFields & JoinFields & FollowUpFields & { alert: string };

const parsed = new WeakMap<OwnOperation, Recorded>();

function fieldsOf(operation: OwnOperation): Recorded {
  let fields = parsed.get(operation);
  if (!fields) {
    fields = JSON.parse(operation.text) as Recorded;
    parsed.set(operation, fields);
  }
  return fields;
}

/** Own operations about this alert that can be read. */
export const ownOf = (own: readonly OwnOperation[], alert: string): OwnOperation[] =>
  own.filter((one) => TYPES.includes(one.type) && !one.sealed && fieldsOf(one).alert === alert);

/** Ids that own voids take back, whether they are sent or not. */
function takenBack(own: readonly OwnOperation[]): ReadonlySet<string> {
  const voids = own.filter((one) => one.type === 'void' && counts(one));
  return new Set(voids.map(({ text }) => (JSON.parse(text) as { operation: string }).operation));
}

function ownEntry(operation: OwnOperation, { me, coordinator }: Given): Entry | null {
  const { id, type, moment, code } = operation;
  if (!counts(operation) && !isOpen(operation)) return null;
  const status = operation.status === 'accepted' ? 'confirmed' : (operation.status as EntryStatus);
  const { alert: _alert, ...fields } = fieldsOf(operation);
  const head = { id, type: type as Fact['type'], moment, by: me, coordinator, status };
  return { ...fields, ...head, ...(code ? { code } : {}) } as Entry;
}

const isCounted = ({ status }: Entry): boolean => status === 'confirmed' || status === 'unsent';

export function lay(row: MyAlertRow, given: Given): Working {
  const told = (row.operations ?? []) as Fact[];
  const entries = new Map(told.map((fact) => [fact.id, { ...fact, status: 'confirmed' } as Entry]));
  for (const operation of ownOf(given.own, row.id)) {
    const entry = entries.has(operation.id) ? null : ownEntry(operation, given);
    if (entry) entries.set(entry.id, entry);
  }
  for (const id of takenBack(given.own)) entries.delete(id);
  const ordered = inOrder(entries.values()) as Entry[];
  return { row, entries: ordered, state: fold(ordered.filter(isCounted)) };
}

/** A day on which to ask again is done as soon as it was done here. */
export function isAsked(due: MyFollowUpRow, own: readonly OwnOperation[]): boolean {
  const back = takenBack(own);
  return ownOf(own, due.alert).some(
    (one) =>
      one.type === 'follow_up' &&
      counts(one) &&
      !back.has(one.id) &&
      fieldsOf(one).follow_up === due.id,
  );
}
