/** A door's visits, newest first: the server's and the own ones that are still on their way. */
import type { DoorHistory, HistoryItem, HistoryStatus } from '../../core/types';
import type { HouseholdRow, VisitOperation } from '../../core/wire';
import { counts, isOpen, type OwnOperation } from '../../sync/operations';
import { parsed, visitOf, visitsOf } from './draw';
import { inOrder } from './fold';

export interface Reader {
  /** My member id. */
  me: string;
  coordinator: boolean;
  nameOf(member: string | null): string | null;
  /** A wish of the door: neither notes nor flags are shown. */
  outcomeOnly: boolean;
  /** What should be mended in a visit that was taken. */
  warningOf(visit: string): string | null;
}

/** `own`: all own operations at this door that are not settled by a pull. */
export function historyOf(
  row: HouseholdRow | undefined,
  own: readonly OwnOperation[],
  voided: ReadonlySet<string>,
  reader: Reader,
): DoorHistory {
  const columns = row?.visits;
  const items = visitsOf(columns).map((visit, i): HistoryItem => {
    const by = columns?.by[i] ?? null;
    return itemOf({
      ...visit,
      by: reader.nameOf(by),
      mine: by === reader.me,
      note: columns?.note?.[i] ?? null,
      status: 'confirmed',
    });
  });
  const there = new Set(items.map(({ id }) => id));
  for (const operation of own) {
    if (operation.type === 'visit' && !there.has(operation.id)) {
      const item = ownItem(operation, reader);
      if (item) items.push(item);
    }
  }
  for (const item of items) {
    item.voided = voided.has(item.id);
    const warning = item.voided ? null : reader.warningOf(item.id);
    if (warning) item.warning = warning;
    item.mayVoid =
      !item.voided && (item.mine || reader.coordinator) && !STUCK.includes(item.status);
    if (reader.outcomeOnly) Object.assign(item, { note: null, flags: null });
  }
  items.sort((a, b) => inOrder(b, a));
  return { items, earlier: row?.carried?.knocks ?? 0 };
}

/** Nothing that the server did not take can be voided there. */
const STUCK: readonly HistoryStatus[] = ['held', 'refused'];

function ownItem(operation: OwnOperation, reader: Reader): HistoryItem | null {
  const { status, code, message } = operation;
  if (!counts(operation) && !isOpen(operation) && status !== 'refused') return null;
  return {
    ...itemOf({
      ...visitOf(operation),
      by: reader.nameOf(reader.me),
      mine: true,
      note: parsed<VisitOperation>(operation).note ?? null,
      status: status === 'accepted' ? 'sent' : (status as HistoryStatus),
    }),
    ...(code ? { code } : {}),
    ...(message ? { message } : {}),
  };
}

type Given = ReturnType<typeof visitOf> & Pick<HistoryItem, 'by' | 'mine' | 'note' | 'status'>;

function itemOf({ follow_up_on = null, app, flags, leaflets, ...rest }: Given): HistoryItem {
  return {
    ...rest,
    app: app ?? null,
    flags: flags ? [...flags] : null,
    leaflets: leaflets ?? 0,
    followUpOn: follow_up_on,
    voided: false,
    mayVoid: false,
  };
}
