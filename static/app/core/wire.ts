/**
 * What travels between phone and server. Kept in this one file so that it can give way to
 * re-exports of the generated contract.
 */
import type { AppStatus, CareFlag, Day, Folded, Outcome, Role, VoidReason } from './types';

/** Visits of a door in columns of equal length, ordered by moment, then id. */
export interface VisitColumns {
  id: string[];
  moment: number[];
  by: (string | null)[];
  outcome: Outcome[];
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

export interface VisitOperation extends OperationHead {
  type: 'visit';
  household: string;
  outcome: Outcome;
  app?: AppStatus;
  leaflets?: { general: number };
  flags?: CareFlag[];
  agreed?: true;
  follow_up_on?: Day;
  note?: string;
  distance_m?: number;
  accuracy_m?: number;
}

export interface VoidOperation extends OperationHead {
  type: 'void';
  operation: string;
  reason?: VoidReason;
}

export interface HouseholdAddOperation extends OperationHead {
  type: 'household_add';
  /** The new door's id, made on the phone. */
  household: string;
  building: string;
  unit: string;
  floor?: number;
  room: string;
}

export interface DoorWishOperation extends OperationHead {
  type: 'door_wish';
  household: string;
  no_visits_until?: Day;
  outcome_only?: true;
}

export interface PushResult {
  id: string;
  status: ResultStatus;
  /** For `duplicate`: what became of the first one. */
  present?: ResultStatus | null;
  code?: string | null;
  field?: string | null;
  message?: string | null;
  moment?: number | null;
  capped?: boolean | null;
}

export interface PushAnswer {
  server_time: string;
  epoch: string;
  min_client?: number;
  results: PushResult[];
}

export interface Change {
  cursor: string;
  rows?: Row[];
  gone?: (string | number)[];
  reset?: boolean;
}

export interface PullAnswer {
  scope: string[];
  changes: Record<string, Change>;
  more: boolean;
  server_time: string;
  epoch: string;
}

export interface SessionAnswer {
  device: { id: string; name: string; key?: string } | null;
  person: { id: number; name: string };
  member: {
    id: string;
    role: Role;
    status: 'pending' | 'active';
    lead?: boolean;
    deputy?: boolean;
  } | null;
  community: { id: number; name: string; region: string; timezone: string } | null;
  csrf_token: string;
  server_time: string;
  epoch: string;
}

export interface InviteAnswer {
  token: string;
  community: { name: string };
  invited_by: string;
  role: Role;
  name?: string | null;
  phone?: string | null;
  purpose: 'join' | 'reset';
}

export interface ErrorAnswer {
  code?: string;
  message?: string;
  retry_after?: number;
  communities?: { id: number; name: string }[];
}
