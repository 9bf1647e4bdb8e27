/**
 * What the screens read (signals) and call (functions). The state lives here; the functions are
 * filled in by `features/start.ts`, because core may not know sync or features (see style).
 * `main.tsx` calls `startField()` from `features/start` once, before the first render.
 */
import { type ReadonlySignal, signal } from '@preact/signals';

import type {
  AppUpdate,
  BuildingSummary,
  BuildingView,
  CommunityInfo,
  Day,
  DeviceInfo,
  DoneToday,
  DoorHistory,
  DoorRef,
  DueItem,
  InviteResult,
  KnownMember,
  NewDoor,
  OutboxItem,
  PhoneNotice,
  Position,
  Preferences,
  ReceiptInfo,
  Remark,
  RescueChoice,
  RescueResult,
  Saved,
  Session,
  SignInResult,
  SignOutChoice,
  SignOutResult,
  StorageInfo,
  SyncStatus,
  TeamMember,
  VisitDraft,
  VoidReason,
  Wish,
} from './types';

export const DEFAULT_PREFERENCES: Preferences = {
  language: null,
  theme: 'system',
  largeText: false,
  order: 'distance',
  leaflet: 'general',
};

/** Written only by core, sync and the features' logic; screens treat every signal as read-only. */
export const state = {
  session: signal<Session>({ state: 'starting' }),
  community: signal<CommunityInfo | null>(null),
  team: signal<TeamMember[]>([]),
  buildings: signal<BuildingSummary[]>([]),
  /** Where "go on knocking" leads: the last building worked in, else the nearest. */
  goOn: signal<DoorRef | null>(null),
  today: signal<DoneToday>({ day: '', doors: 0, visits: 0, informed: 0, leaflets: 0, helped: 0 }),
  /** Follow-ups due today or overdue in all my buildings, the longest overdue first. */
  due: signal<DueItem[]>([]),
  /**
   * Doors with an alert that I work: ids, and building and key where the alert names no id. Laid over
   * what the door looks like; only phones that hold the alert know it.
   */
  alertDoors: signal<ReadonlySet<string>>(new Set()),
  outbox: signal<OutboxItem[]>([]),
  /** Dismissed at the desk, or taken with something to mend; newest first, until read. */
  remarks: signal<Remark[]>([]),
  /** Null before the first comparison with the server. */
  receipt: signal<ReceiptInfo | null>(null),
  /** Until read. */
  notice: signal<PhoneNotice | null>(null),
  sync: signal<SyncStatus>({
    online: true,
    syncing: false,
    unsent: 0,
    open: 0,
    lastSyncAt: null,
    error: null,
    firstPull: true,
  }),
  update: signal<AppUpdate>({ available: false, required: false }),
  storage: signal<StorageInfo>({ persisted: null, used: null, quota: null, low: false }),
  position: signal<Position | null>(null),
  preferences: signal<Preferences>(DEFAULT_PREFERENCES),
};

/** Why something could not be written down; `field` names the input to mend. */
export class Refusal extends Error {
  constructor(
    readonly code:
      | 'invalid'
      | 'exists'
      | 'no_such_door'
      | 'no_such_building'
      | 'not_yours'
      | 'storage',
    readonly field: string | null = null,
  ) {
    super(field ? `${code}: ${field}` : code);
  }
}

export interface FieldActions {
  /**
   * One building by unit and floor: undefined while loading, null if it is not on this phone.
   * The same signal for the same id; it follows every save and every sync.
   */
  building(id: string): ReadonlySignal<BuildingView | null | undefined>;
  /** A door's visits, newest first. Reads the building's signal, so it can stand in a computed. */
  doorHistory(building: string, household: string): DoorHistory;
  /** Which door comes after this one (null: where to begin); only doors worth a knock today. */
  nextDoor(building: string, after: string | null, unit?: string): DoorRef | null;
  /** The door above (-1) or below (+1) in walking order, whatever its state. */
  neighbour(building: string, household: string, step: 1 | -1): DoorRef | null;

  /** Writes a visit down; resolves when it is durable. Throws Refusal. */
  record(building: string, draft: VisitDraft): Promise<Saved>;
  /** "Nobody home" at every door of a floor that would still be proposed today, as one save. */
  recordFloorNobodyHome(building: string, unit: string, floor: number | null): Promise<Saved>;
  /** Cancels one own operation (a coordinator: any). */
  voidOperation(building: string, operation: string, reason: VoidReason): Promise<Saved>;
  /** Voids a visit and writes another in its place, as one save. */
  correct(building: string, operation: string, draft: VisitDraft): Promise<Saved>;
  /** Voids everything that one save wrote. */
  undo(saved: Saved): Promise<Saved>;
  /** Refusal `exists` (field: the id of the door) when the key is there already. */
  addDoor(building: string, door: NewDoor): Promise<Saved>;
  /** An empty wish lifts the earlier one. */
  recordWish(building: string, household: string, wish: Wish): Promise<Saved>;

  signIn(login: string, password: string, community?: number): Promise<SignInResult>;
  readInvite(token: string): Promise<InviteResult>;
  readInviteCode(code: string): Promise<InviteResult>;
  join(token: string, name: string, phone: string, password: string): Promise<SignInResult>;
  signOut(choice: SignOutChoice): Promise<SignOutResult>;
  membersOnThisPhone(): Promise<KnownMember[]>;
  /** Null: no network, or the server has no such list. */
  devices(): Promise<DeviceInfo[] | null>;

  /** Puts own entries into an encrypted file for the desk; call it from a tap. Needs no network. */
  saveRescue(choice: RescueChoice): Promise<RescueResult>;
  /** The same for what is locked in a revoked phone's database: `device` of KnownMember. */
  saveLocked(device: string): Promise<RescueResult>;
  /** How many entries a file of all that is still on the phone would hold. */
  countLog(): Promise<number>;
  /** A remark has been read. */
  forgetRemark(id: string): Promise<void>;

  /** Runs a sync now (pull to refresh, "send now"). Never throws: see `state.sync`. */
  syncNow(): Promise<void>;
  /** The new version takes over and the page loads again: only when nothing is being typed. */
  applyUpdate(): void;
  /** Asks the browser to keep the data; call it from a tap. */
  askToPersist(): Promise<boolean>;
  refreshStorageInfo(): Promise<void>;
  setPreferences(change: Partial<Preferences>): Promise<void>;
  /** Starts watching the position (asks permission the first time); call it from a tap. */
  watchPosition(): void;
  /** Today in the community's time zone, and days from it: 0 today, 1 tomorrow … */
  day(offset?: number): Day;
}

/** What happened to the phone's data has been read. */
export function closeNotice(): void {
  state.notice.value = null;
}

let actions: FieldActions | null = null;

/** Called once by `features/start.ts`. */
export function installActions(filled: FieldActions): void {
  actions = filled;
}

function filled(): FieldActions {
  if (!actions) throw new Error('startField() has not run');
  return actions;
}

export const building: FieldActions['building'] = (id) => filled().building(id);
export const doorHistory: FieldActions['doorHistory'] = (...a) => filled().doorHistory(...a);
export const nextDoor: FieldActions['nextDoor'] = (...a) => filled().nextDoor(...a);
export const neighbour: FieldActions['neighbour'] = (...a) => filled().neighbour(...a);
export const record: FieldActions['record'] = (...a) => filled().record(...a);
export const recordFloorNobodyHome: FieldActions['recordFloorNobodyHome'] = (...a) =>
  filled().recordFloorNobodyHome(...a);
export const voidOperation: FieldActions['voidOperation'] = (...a) => filled().voidOperation(...a);
export const correct: FieldActions['correct'] = (...a) => filled().correct(...a);
export const undo: FieldActions['undo'] = (...a) => filled().undo(...a);
export const addDoor: FieldActions['addDoor'] = (...a) => filled().addDoor(...a);
export const recordWish: FieldActions['recordWish'] = (...a) => filled().recordWish(...a);
export const signIn: FieldActions['signIn'] = (...a) => filled().signIn(...a);
export const readInvite: FieldActions['readInvite'] = (...a) => filled().readInvite(...a);
export const readInviteCode: FieldActions['readInviteCode'] = (...a) =>
  filled().readInviteCode(...a);
export const join: FieldActions['join'] = (...a) => filled().join(...a);
export const signOut: FieldActions['signOut'] = (...a) => filled().signOut(...a);
export const membersOnThisPhone: FieldActions['membersOnThisPhone'] = () =>
  filled().membersOnThisPhone();
export const devices: FieldActions['devices'] = () => filled().devices();
export const saveRescue: FieldActions['saveRescue'] = (choice) => filled().saveRescue(choice);
export const saveLocked: FieldActions['saveLocked'] = (device) => filled().saveLocked(device);
export const countLog: FieldActions['countLog'] = () => filled().countLog();
export const forgetRemark: FieldActions['forgetRemark'] = (id) => filled().forgetRemark(id);
export const applyUpdate: FieldActions['applyUpdate'] = () => filled().applyUpdate();
export const syncNow: FieldActions['syncNow'] = () => filled().syncNow();
export const askToPersist: FieldActions['askToPersist'] = () => filled().askToPersist();
export const refreshStorageInfo: FieldActions['refreshStorageInfo'] = () =>
  filled().refreshStorageInfo();
export const setPreferences: FieldActions['setPreferences'] = (c) => filled().setPreferences(c);
export const watchPosition: FieldActions['watchPosition'] = () => filled().watchPosition();
export const day: FieldActions['day'] = (offset) => filled().day(offset);
