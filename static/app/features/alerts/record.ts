/** What is recorded of an alert: made here, written with everything of the same save, sent first. */
import type * as contract from '../../contract';
import { state } from '../../core/field';
import { metres, usable } from '../../core/position';
import { type Fields, makeOperation, NOWHERE, type OwnOperation } from '../../sync/operations';
import { here, write } from '../recording';

type Made<T> = Omit<T, 'type' | 'id' | 'at' | 'skew_ms' | 'alert'>;
export type AttemptFields = Made<contract.AlertAttempt>;
export type OutcomeFields = Made<contract.AlertOutcome>;
export type JoinFields = Made<contract.AlertJoin>;
export type FollowUpFields = Made<contract.FollowUp>;

/** One operation to come; `when`: phone's clock, for what happened a little earlier. */
export type Draft = { when?: number | undefined } & (
  | { type: 'alert_attempt'; fields: AttemptFields }
  | { type: 'alert_outcome'; fields: OutcomeFields }
  | { type: 'alert_join'; fields: JoinFields }
  | { type: 'follow_up'; fields: FollowUpFields }
);

/**
 * Writes all of it in one transaction; resolves with the ids when it is on disk. It belongs to no
 * building: a visit at the alert's door is recorded as a visit.
 */
export async function record(alert: string, ...drafts: readonly Draft[]): Promise<string[]> {
  const { clock } = here().desk;
  const operations: OwnOperation[] = [];
  for (const { type, fields, when } of drafts) {
    const at = when === undefined ? clock : { now: () => when, skew: clock.skew };
    operations.push(await makeOperation({ type, alert, ...tidy(fields) }, NOWHERE, at));
  }
  await write(operations);
  return operations.map(({ id }) => id);
}

/** Takes back what one save wrote. */
export async function takeBack(ids: readonly string[]): Promise<void> {
  const { desk } = here();
  const operations: OwnOperation[] = [];
  for (const id of ids) {
    const own =
      desk.operations.get(id) ??
      (await desk.store.read(['log'], (tx) => tx.get<OwnOperation>('log', id)));
    if (!own) continue;
    const fields: Fields = { type: 'void', operation: id, reason: 'wrong_outcome' };
    operations.push(await makeOperation(fields, { ...NOWHERE, voids: own.type }, desk.clock));
  }
  await write(operations);
}

/** How far from the building, if the phone has a fix. */
export function distanceTo(
  place: { lat?: number | null; lon?: number | null },
  now: number,
): Pick<AttemptFields, 'distance_m' | 'accuracy_m'> {
  const position = state.position.value;
  if (!usable(position, now)) return {};
  const far = metres(position, { lat: place.lat ?? null, lon: place.lon ?? null });
  return far === null ? {} : { distance_m: far, accuracy_m: Math.round(position.accuracy) };
}

/** Without what was left empty: the server takes absence for "not said". */
function tidy(fields: object): Record<string, unknown> {
  const kept = Object.entries(fields).filter(([, value]) => !isEmpty(value));
  return Object.fromEntries(kept);
}

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (Array.isArray(value) && value.length === 0);
