/** Own operations: made once, kept as the text they were made of, settled by what the server says. */
import { type Clock, isoLocal } from '../core/clock';
import { newId } from '../core/ids';
import type { DoorRef } from '../core/types';
import type { OperationHead, PushResult, ResultRow } from '../core/wire';

/**
 * unsent: not on the server, or no answer yet. accepted: taken. waiting: its subject is missing there.
 * held: a coordinator has to look. dismissed: looked at and set aside. refused: not understood at all.
 */
export type OwnStatus = 'unsent' | 'accepted' | 'waiting' | 'held' | 'dismissed' | 'refused';

export interface OwnOperation {
  id: string;
  type: string;
  /** Serialised once; these bytes go into every push. */
  text: string;
  /** The text is in a box that only the server opens (sealing.ts). */
  sealed?: true;
  /** SHA-256 of the text's UTF-8 bytes, hex. */
  hash: string;
  /** `at + skew_ms`, or what the server wrote down instead. */
  moment: number;
  capped?: true;
  /** Where it belongs on this phone. */
  building: string | null;
  household: string | null;
  /** What the door was called when this was recorded, for lists. */
  door: DoorRef | null;
  /** A void's target's type: the target itself may be in the log by then. */
  voids?: string;
  status: OwnStatus;
  code?: string;
  field?: string;
  message?: string;
  /** It was taken, and yet something about it should be mended. */
  warning?: string;
  /** The phone's tick at which the answer came: is it older than a pull? */
  answered?: number;
  /** The same by the server's clock, for the 90 days. */
  answered_at?: number;
}

export type Place = Pick<OwnOperation, 'building' | 'household' | 'door' | 'voids'>;

/** Of what belongs to no building: a shift, an alert, a card. */
export const NOWHERE: Place = { building: null, household: null, door: null };

/** The fields that the maker of an operation gives; the head is added here. */
export type Fields = { type: string } & Record<string, unknown>;

export async function makeOperation(
  fields: Fields,
  place: Place,
  clock: Clock,
): Promise<OwnOperation> {
  const now = clock.now();
  const { type, ...rest } = fields;
  const head: OperationHead = {
    type,
    // With the skew, so that ids follow the moments, also on a phone whose clock is days off.
    id: newId(now + clock.skew),
    at: isoLocal(now),
    skew_ms: clock.skew,
  };
  const text = JSON.stringify({ ...head, ...rest });
  return {
    id: head.id,
    type,
    text,
    hash: await sha256(text),
    moment: now + clock.skew,
    ...place,
    status: 'unsent',
  };
}

export async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The operation's own fields, parsed again from its text. */
export function fieldsOf<T extends OperationHead>(operation: OwnOperation): T {
  return JSON.parse(operation.text) as T;
}

/** The operation after an answer to it, whether to a push or through the `me` bucket. */
export function settled(
  operation: OwnOperation,
  result: PushResult | ResultRow,
  tick: number,
  now: number,
): OwnOperation {
  const { code: _c, field: _f, message: _m, warning: _w, ...rest } = operation;
  const warning = 'warning' in result ? result.warning : undefined;
  const present = 'present' in result ? result.present : undefined;
  const status = result.status === 'duplicate' ? (present ?? 'accepted') : result.status;
  return {
    ...rest,
    status: status === 'duplicate' ? 'accepted' : status,
    ...(result.code ? { code: result.code } : {}),
    ...(result.field ? { field: result.field } : {}),
    ...(result.message ? { message: result.message } : {}),
    ...(warning ? { warning } : {}),
    ...(typeof result.moment === 'number' ? { moment: result.moment } : {}),
    ...(result.capped ? { capped: true as const } : {}),
    answered: tick,
    answered_at: now,
  };
}

/** Is it part of the receipt? Of what the server could not store it has no trace. */
export const recorded = (operation: OwnOperation): boolean => operation.status !== 'refused';

/** Is it part of what the door's state is computed from? */
export const counts = (operation: OwnOperation): boolean =>
  operation.status === 'unsent' || operation.status === 'accepted';

/** Is somebody to look at it, here or at the desk? */
export const isOpen = (operation: OwnOperation): boolean =>
  operation.status === 'waiting' || operation.status === 'held';

/** May it leave the outbox once a pull has covered it? */
export const isDone = (operation: OwnOperation): boolean =>
  operation.status === 'accepted' || operation.status === 'dismissed';
