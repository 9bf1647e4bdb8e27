/** The codes of alerts, as `webapp/alerts/codes.py` has them; their words are in the catalogue. */
import type * as contract from '../../contract';

export type Level = contract.AlertRow['level'];
export type Step = contract.AlertRow['step'];
export type ScamType = NonNullable<contract.AlertRow['scam_type']>;
export type Channel = contract.AlertAttempt['channel'];
export type Result = contract.AlertAttempt['result'];
export type Role = contract.AlertParticipant['role'];
export type PlaceKind = contract.AlertPlace['kind'];
export type Reaction = NonNullable<contract.AlertAttempt['reaction']>[number];
export type Residency = NonNullable<contract.AlertAttempt['residency']>;
export type StopPayment = contract.AlertStopPayment;
export type Decision = StopPayment['decision'];
export type Via = NonNullable<StopPayment['via']>;
export type Outcome = contract.AlertOutcome['outcome'];
export type Grade = NonNullable<contract.AlertOutcome['grade']>;
export type Risk = NonNullable<contract.AlertOutcome['risk']>;
export type Action = contract.AlertJoin['action'];
export type How = contract.FollowUp['how'];
export type Participant = contract.AlertParticipant;
export type Signed = contract.AlertSigned;

/** Channels that lead to somebody else: who answers there is not the person. */
const OTHERS: ReadonlySet<string> = new Set<Channel>(['family', 'bank', 'police']);

/** Results that reached the person (design 5.2), but for `answered` on the channels to others. */
const IN_CONTACT: ReadonlySet<string> = new Set<Result>([
  'answered',
  'denied',
  'refused',
  'met',
  'evaded',
  'paid',
  'still_at_risk',
  'at_bank',
  'at_police',
]);

/** Whether an attempt reached the person: a bank that answers has not seen them. */
export const reached = (channel: Channel, result: Result): boolean =>
  IN_CONTACT.has(result) && !(result === 'answered' && OTHERS.has(channel));

/** Outcomes that make an alert on time without contact, if by the deadline. */
export const IN_TIME: ReadonlySet<string> = new Set<Outcome>([
  'dissuaded',
  'already_paid',
  'false_alarm',
]);

/** Channels by which one goes to see the person. */
export const FACE_TO_FACE: ReadonlySet<string> = new Set<Channel>(['door', 'workplace']);
