/**
 * What travels between phone and server. Bodies come from the generated contract, narrowed where its
 * strings are codes that the app knows; rows of the pull are opaque there and are described here.
 */
import type * as contract from '../contract';
import type { AppStatus, CareFlag, Day, Folded, Outcome, Role } from './types';

/** Visits of a door in columns of equal length, ordered by moment, then id. */
export interface VisitColumns {
  id: string[];
  by: (string | null)[];
  outcome: Outcome[];
  /** The moment minus the id's own time, in ms; without it they are the same. */
  off?: number[];
  /** Instead of `off`, in rows that a phone has kept since before there was one. */
  moment?: number[];
  app?: (AppStatus | null)[];
  flags?: (CareFlag[] | null)[];
  leaflets?: number[];
  follow_up_on?: (Day | null)[];
  note?: (string | null)[];
}

export interface WireWish {
  no_visits_until?: Day;
  outcome_only?: true;
}

export interface HouseholdRow {
  kind: 'household';
  id: string;
  unit: string;
  floor: number | null;
  room: string;
  retired?: true;
  aliases?: string[];
  carried?: Folded;
  visits?: VisitColumns;
  wish?: WireWish;
}

export interface BuildingRow {
  kind: 'building';
  id: string;
  name: string;
  compound?: string | null;
  grid?: string | null;
  address?: string | null;
  lat?: number | null;
  lon?: number | null;
  units?: number | null;
  floors?: number | null;
  access_note?: string | null;
  caretaker_name?: string | null;
  caretaker_role?: string | null;
  practice?: boolean;
  provisional?: boolean;
}

export interface CommunityRow {
  kind: 'community';
  id: number | string;
  name: string;
  region: string;
  timezone: string;
  publicity_target: number;
  app_target: number;
  headline: 'publicity' | 'app';
  phone?: string | null;
  leaflet_default: number;
  /** Rescue files are encrypted to it: a point of P-256, base64. */
  public_key?: string;
}

export interface MemberRow {
  kind: 'member';
  id: string;
  name: string;
  role: Role;
  lead?: boolean;
  deputy?: boolean;
  status?: 'pending' | 'active';
}

export interface AssignmentRow {
  kind: 'assignment';
  id: string;
  building: string;
  units: string[] | null;
  assigned_at: number;
}

/** The team's list: no person, no room. */
export type AlertRow = contract.AlertRow;

/** Minutes and contact policy by level. */
export type AlertSettingsRow = contract.AlertSettingsRow;

/** Whom an alert or a follow-up is about. */
export type AlertPersonal = Omit<
  contract.MyFollowUpRow,
  | 'kind'
  | 'id'
  | 'alert'
  | 'number'
  | 'due_on'
  | 'step'
  | 'risk'
  | 'scam_type'
  | 'outcome'
  | 'building'
  | 'place'
  | 'opened'
>;

type Noted<T> = Omit<T, 'at' | 'skew_ms' | 'alert'> & {
  type: string;
  /** Milliseconds since 1970 UTC. */
  moment: number;
  /** The member who recorded it. */
  by: string;
  /** Recorded with a coordinator's right. */
  coordinator?: true;
};

/** A live operation of an alert that this member works. */
export type AlertRecord =
  | (Noted<contract.AlertJoin> & { type: 'alert_join' })
  | (Noted<contract.AlertAttempt> & { type: 'alert_attempt' })
  | (Noted<contract.AlertOutcome> & { type: 'alert_outcome' })
  | (Noted<contract.FollowUp> & { type: 'follow_up' });

export type MyAlertRow = Omit<contract.MyAlertRow, 'operations'> & { operations?: AlertRecord[] };
export type MyFollowUpRow = contract.MyFollowUpRow;

export type ResultStatus = 'accepted' | 'duplicate' | 'waiting' | 'held' | 'refused' | 'dismissed';

export interface ResultRow {
  kind: 'result';
  id: string;
  status: ResultStatus;
  code?: string | null;
  field?: string | null;
  message?: string | null;
  moment?: number | null;
  capped?: boolean | null;
  /** Of several with one id, the one with these bytes is meant. */
  hash?: string;
}

export interface Row {
  kind: string;
  id: string | number;
}

/** The fields that every operation has. */
export interface OperationHead {
  type: string;
  id: string;
  /** The phone's clock, ISO 8601 with offset and milliseconds. */
  at: string;
  skew_ms: number;
}

type Made = Pick<OperationHead, 'skew_ms'>;
export type VisitOperation = contract.Visit & Made;
export type VoidOperation = contract.Void & Made;
/** `household` is the new door's id, made on the phone. */
export type HouseholdAddOperation = contract.HouseholdAdd & Made;
export type DoorWishOperation = contract.DoorWish & Made;
export type AlertJoinOperation = contract.AlertJoin & Made;
export type AlertAttemptOperation = contract.AlertAttempt & Made;
export type AlertOutcomeOperation = contract.AlertOutcome & Made;
export type FollowUpOperation = contract.FollowUp & Made;

export type PushResult = Omit<contract.Result, 'status' | 'present'> & {
  status: ResultStatus;
  /** For `duplicate`: what became of the first one. */
  present?: ResultStatus | null;
};
export type PushAnswer = Omit<contract.PushAnswer, 'results'> & { results: PushResult[] };

export type Change = Omit<contract.BucketChanges, 'rows'> & { rows: Row[] };
export type PullAnswer = Omit<contract.PullAnswer, 'changes'> & { changes: Record<string, Change> };

type SessionMember = Omit<contract.SessionMember, 'role' | 'status'> & {
  role: Role;
  status: 'pending' | 'active';
};
export type SessionAnswer = Omit<contract.SessionAnswer, 'member'> & {
  member: SessionMember | null;
};

export type ReceiptAnswer = contract.ReceiptAnswer;
export type DifferencesAnswer = contract.DifferencesAnswer;

export type InviteAnswer = Omit<contract.InviteAnswer, 'role' | 'purpose'> & {
  role: Role;
  purpose: 'join' | 'reset';
};
export type DevicesAnswer = contract.DevicesAnswer;

export interface ErrorAnswer {
  code?: string;
  message?: string;
  retry_after?: number;
  /** With `taken`: who has the alert. */
  members?: string[];
  /** With `device_revoked`: lets it push what it still has. */
  csrf_token?: string;
  communities?: { id: number; name: string }[];
}
