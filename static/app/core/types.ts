/** The words of the field app. Codes are the wire's; every moment is milliseconds since 1970 UTC. */

export type Outcome = 'informed' | 'no_answer' | 'refused' | 'come_back' | 'vacant';
export type AppStatus = 'installed' | 'helped' | 'declined' | 'no_smartphone';
export type CareFlag =
  | 'lives_alone'
  | 'elderly'
  | 'limited_mobility'
  | 'new_tenant'
  | 'has_student'
  | 'online_shopper'
  | 'no_smartphone';
export type VoidReason = 'wrong_door' | 'wrong_outcome' | 'duplicate' | 'other';
export type Role = 'volunteer' | 'coordinator';

export const OUTCOMES: readonly Outcome[] = [
  'informed',
  'no_answer',
  'refused',
  'vacant',
  'come_back',
];
export const APP_STATUSES: readonly AppStatus[] = [
  'installed',
  'helped',
  'declined',
  'no_smartphone',
];
export const CARE_FLAGS: readonly CareFlag[] = [
  'lives_alone',
  'elderly',
  'limited_mobility',
  'new_tenant',
  'has_student',
  'online_shopper',
  'no_smartphone',
];

/** What a door looks like; `alert` is laid over it later by the alerts feature. */
export type Display =
  | 'untouched'
  | 'no_answer'
  | 'follow_up'
  | 'informed'
  | 'installed'
  | 'refused'
  | 'vacant';
export const DISPLAYS: readonly Display[] = [
  'untouched',
  'no_answer',
  'follow_up',
  'informed',
  'installed',
  'refused',
  'vacant',
];

/** A calendar day in the community's time zone: `2026-11-29`. */
export type Day = string;

/** One visit as the fold sees it. */
export interface Visit {
  id: string;
  moment: number;
  outcome: Outcome;
  app?: AppStatus | null;
  /** `[]` clears, absent (or null) leaves. */
  flags?: readonly CareFlag[] | null;
  /** Sum over all kinds. */
  leaflets?: number;
  follow_up_on?: Day | null;
}

/** The fold's inner state: what a door's older visits are carried as. */
export interface Folded {
  knocks: number;
  leaflets: number;
  last_at: number | null;
  contact: Outcome | null;
  /** Unanswered visits since `contact`. */
  tries: number;
  reached: boolean;
  app: AppStatus | null;
  flags: CareFlag[] | null;
  follow_up_on: Day | null;
  /** A `vacant` came at some time before. */
  closed: boolean;
}

/** A door's state as everybody sees it. */
export interface DoorState extends Omit<Folded, 'closed'> {
  vacant: boolean;
  display: Display;
}

export interface Wish {
  no_visits_until?: Day;
  outcome_only?: boolean;
}

/** Counts of design 3.3. */
export interface Counts {
  households: number;
  occupied: number;
  knocked: number;
  reached: number;
  installed: number;
  no_smartphone: number;
  refused: number;
  leaflets: number;
}

export type States = Record<Display, number>;

/** A rate in basis points, rounded down; null over zero doors ("–"). */
export type Rate = number | null;

/** What the Today list shows of a building; small, kept in memory for all buildings. */
export interface BuildingSummary extends BuildingInfo {
  counts: Counts;
  states: States;
  /** Headline rate of the community and what is missing to its target. */
  rate: Rate;
  target: number;
  toTarget: number;
  /** Doors that would be proposed today. */
  left: number;
  /** Doors of which a follow-up is due today or overdue. */
  due: number;
  /** Where to go on in this building. */
  next: DoorRef | null;
  /** Own operations of this building that are not on the server yet. */
  unsent: number;
  /** False: it left my assignments, and stays only while something of it is unsent or open. */
  yours: boolean;
  /** Units I am expected to walk; null: all. */
  assignedUnits: string[] | null;
  /** Metres from where the phone is, if both places are known. */
  distance: number | null;
}

export interface BuildingInfo {
  id: string;
  name: string;
  compound: string | null;
  grid: string | null;
  address: string | null;
  lat: number | null;
  lon: number | null;
  units: number | null;
  floors: number | null;
  accessNote: string | null;
  caretakerName: string | null;
  caretakerRole: string | null;
  practice: boolean;
  provisional: boolean;
}

export interface DoorRef {
  building: string;
  household: string;
  unit: string;
  floor: number | null;
  room: string;
}

export interface Door extends DoorRef {
  retired: boolean;
  state: DoorState;
  /** Shorthand for `state.display`. */
  display: Display;
  wish: Wish | null;
  /** "Next door" passes it by: a wish holds today. */
  skipped: boolean;
  /** Last visited today (community's day), by anybody. */
  visitedToday: boolean;
  /** Own operations not yet taken by the server. */
  unsent: number;
  /** Own operations that wait or are held: draw a dashed edge. Never folded. */
  open: number;
  /** The door itself is only a held or waiting `household_add`: dashed, counted nowhere. */
  provisional: boolean;
}

/** A door that somebody promised to come back to, due today or before. */
export interface DueItem {
  door: DoorRef;
  buildingName: string;
  on: Day;
}

export interface Floor {
  floor: number | null;
  doors: Door[];
}

export interface Unit {
  unit: string;
  /** I am expected to walk this one. */
  mine: boolean;
  counts: Counts;
  states: States;
  rate: Rate;
  toTarget: number;
  /** Top floor first; a door without a floor stands under `null`, last. */
  floors: Floor[];
  /** Most doors on one floor: the grid's number of columns. */
  columns: number;
}

export interface BuildingView {
  building: BuildingSummary;
  units: Unit[];
  doors: ReadonlyMap<string, Door>;
}

export type HistoryStatus = 'confirmed' | 'unsent' | 'sent' | 'waiting' | 'held' | 'refused';

/** One visit in a door's history, newest first. */
export interface HistoryItem {
  id: string;
  moment: number;
  /** Name of who logged it; null when not known (left the team, or an own note in flight). */
  by: string | null;
  mine: boolean;
  outcome: Outcome;
  app: AppStatus | null;
  flags: CareFlag[] | null;
  leaflets: number;
  followUpOn: Day | null;
  note: string | null;
  status: HistoryStatus;
  code?: string;
  message?: string;
  /** Taken, but something in it should be mended: a code for the catalogue. */
  warning?: string;
  /** An own void of it is under way: strike it through. */
  voided: boolean;
  /** I may void or correct it. */
  mayVoid: boolean;
}

export interface DoorHistory {
  items: HistoryItem[];
  /** Visits older than the last 20, of which only the sum is known. */
  earlier: number;
}

/** What I did today (community's day), the practice building left out. */
export interface DoneToday {
  day: Day;
  /** Distinct doors. */
  doors: number;
  visits: number;
  informed: number;
  leaflets: number;
  /** Distinct doors at which I installed the app with the resident. */
  helped: number;
}

export type OutboxStatus = 'unsent' | 'waiting' | 'held' | 'refused';

/** One own operation that is not settled. */
export interface OutboxItem {
  id: string;
  type:
    | 'visit'
    | 'void'
    | 'household_add'
    | 'door_wish'
    | 'alert'
    | 'shift'
    | 'scam_note'
    | 'card_read'
    | 'quiz_result'
    | 'session_log'
    | 'leaflet_take'
    | 'flag_explain'
    | 'recheck';
  moment: number;
  status: OutboxStatus;
  /** Why it is held or refused: a code for the catalogue. */
  code?: string;
  /** Which field is wrong, with code `invalid`. */
  field?: string;
  /** The server's own words, if any. */
  message?: string;
  buildingName: string | null;
  door: DoorRef | null;
  outcome: Outcome | null;
  /** Another person logged the same door since: for information, both stay. */
  alsoBy: string | null;
  /** The number of the alert that it is about, as far as that is known here. */
  alert: number | null;
}

export type SyncErrorCode = 'offline' | 'server' | 'sign_in' | 'revoked' | 'storage';

export interface SyncStatus {
  online: boolean;
  syncing: boolean;
  /** Own operations not on the server yet. */
  unsent: number;
  /** Waiting on the server, held or refused: worth a look. */
  open: number;
  lastSyncAt: number | null;
  /** Why the last run failed; null after a good one. */
  error: SyncErrorCode | null;
  /** The first complete download has not happened yet. */
  firstPull: boolean;
}

export interface Person {
  id: number;
  name: string;
}

export interface CommunityInfo {
  id: number;
  name: string;
  region: string;
  timezone: string;
  phone: string | null;
  publicityTarget: number;
  appTarget: number;
  headline: 'publicity' | 'app';
  leafletDefault: number;
}

export interface TeamMember {
  id: string;
  name: string;
  role: Role;
  lead: boolean;
  deputy: boolean;
}

export interface MemberInfo {
  id: string;
  role: Role;
  lead: boolean;
  deputy: boolean;
}

export type Session =
  | { state: 'starting' }
  | { state: 'signed_out' }
  | {
      /** pending: the coordinator has not confirmed yet. sign_in_again: the server forgot us,
       *  everything stays on the phone and recording goes on. revoked: only the outbox is left. */
      state: 'member' | 'pending' | 'sign_in_again' | 'revoked';
      member: MemberInfo;
      person: Person;
      community: { id: number; name: string };
      device: { id: string; name: string };
      /** The login typed last, to fill the form in. */
      login: string;
    };

export interface KnownMember {
  id: string;
  person: Person;
  community: { id: number; name: string };
  login: string;
  current: boolean;
  /** Own operations on this phone that never reached the server. */
  unsent: number;
  /** This phone was revoked for them: their work is locked, and can only be saved for the desk. */
  locked: boolean;
  device: string;
}

/** Fill in the log sheet with this. */
export interface VisitDraft {
  household: string;
  outcome: Outcome;
  app?: AppStatus | null | undefined;
  leaflets?: number | undefined;
  /** Absent: left as they were. Needs `agreed`. */
  flags?: CareFlag[] | undefined;
  agreed?: boolean | undefined;
  followUpOn?: Day | null | undefined;
  note?: string | undefined;
}

/** Something is written down on the phone, durably. */
export interface Saved {
  /** For `undo`. */
  operations: string[];
  /** Doors it touched. */
  doors: string[];
  next: DoorRef | null;
}

export interface NewDoor {
  unit: string;
  floor: number | null;
  room: string;
}

export type SignInResult =
  | { kind: 'done' }
  | { kind: 'choose_community'; communities: { id: number; name: string }[] }
  | { kind: 'failed'; code: FailureCode; retryAfter?: number };

/** sign_in_failed: wrong login or password. locked: too many, see retryAfter (seconds). */
export type FailureCode = 'offline' | 'server' | 'sign_in_failed' | 'locked' | (string & {});

export interface Invite {
  token: string;
  communityName: string;
  invitedBy: string;
  role: Role;
  name: string | null;
  phone: string | null;
  purpose: 'join' | 'reset';
}

export type InviteResult =
  | { kind: 'invite'; invite: Invite }
  | { kind: 'failed'; code: FailureCode; retryAfter?: number };

export type SignOutChoice =
  /** Nothing unsent, or else refuse. */
  | 'safe'
  /** Unsent work stays on the phone and goes out when this person signs in again. */
  | 'keep'
  /** Erase all of this member's data from the phone, unsent work too. */
  | 'discard';

export type SignOutResult = { kind: 'done' } | { kind: 'refused'; unsent: number };

/** A phone or browser that this person is signed in with. */
export interface DeviceInfo {
  id: string;
  name: string;
  lastSeenAt: number | null;
  current: boolean;
}

/** What the server confirmed to have, compared operation by operation. */
export interface ReceiptInfo {
  count: number;
  at: number;
  /** That is all that was recorded here, up to now. */
  all: boolean;
  /** So many it has with other bytes; they are being sent again. */
  different: number;
}

/** An own entry that is settled, and of which one should know all the same. */
export interface Remark {
  id: string;
  kind: 'dismissed' | 'warning';
  code: string | null;
  moment: number;
  buildingName: string | null;
  door: DoorRef | null;
  outcome: Outcome | null;
  /** It is about an alert. */
  alert: boolean;
  /** It is a new trick that was heard. */
  trick?: boolean;
}

/** Something happened to this phone's data that its owner has to be told. */
export type PhoneNotice =
  /** The browser cleared everything; what was recorded after `lastSyncAt` may be gone. */
  | { kind: 'wiped'; lastSyncAt: number | null }
  /** This phone was revoked; its work is at the server, all of it, and nothing is left here. */
  | { kind: 'handed_over'; count: number }
  /** Revoked, and nobody came for its work in time: erased. */
  | { kind: 'expired' };

/** Which of the own entries go into a rescue file. */
export type RescueChoice = 'unsent' | 'all';
export type RescueResult =
  | { kind: 'saved'; count: number; name: string; shared: boolean }
  | { kind: 'failed'; code: 'nothing' | 'no_key' | 'cancelled' };

export interface StorageInfo {
  /** True: the browser promised not to evict; null: not known. */
  persisted: boolean | null;
  /** Bytes. */
  used: number | null;
  quota: number | null;
  /** Nearly full: said before a save fails. */
  low: boolean;
}

export interface AppUpdate {
  available: boolean;
  /** The server asks for a newer client: update before showing. */
  required: boolean;
}

export interface Position {
  lat: number;
  lon: number;
  /** Metres. */
  accuracy: number;
  at: number;
}

export interface Preferences {
  language: 'zh' | 'en' | null;
  theme: 'light' | 'dark' | 'system';
  largeText: boolean;
  order: 'distance' | 'route' | 'name';
  /** The kind of leaflets that is handed out. */
  leaflet: string;
}

export type Support = 'ok' | 'wechat' | 'no_service_worker' | 'no_storage';
