/** Puts the parts together: storage, sync, features, and what the screens may call. */
import { effect, untracked } from '@preact/signals';

import { dayOf } from '../core/clock';
import { type FieldActions, installActions, Refusal, state } from '../core/field';
import { idle } from '../core/idle';
import { askToPersist, refreshStorageInfo } from '../core/keep';
import { readPreferences, writePreferences } from '../core/phone';
import { watchPosition } from '../core/position';
import { applyUpdate } from '../core/update';
import { type Desk, registerFeature } from '../sync/desk';
import { forgetNotice } from '../sync/notices';
import * as member from './accounts/memberActions';
import { memberFeature } from './accounts/memberState';
import { alertFeature } from './alerts/feature';
import { given } from './alerts/given';
import { watchNews } from './alerts/news';
import { planFeature } from './plans/given';
import { playbookFeature } from './playbook/given';
import { qualityFeature } from './quality/given';
import { recordAt } from './recording';
import { trustFeature } from './trust/feature';
import * as visits from './visits/actions';
import * as doors from './visits/state';

let started: Promise<void> | null = null;

/**
 * Fills every signal from storage; rejects when storage cannot be opened, and may be called again
 * then. Needs no network.
 */
export function startField(): Promise<void> {
  started ??= start().catch((error) => {
    started = null;
    throw error;
  });
  return started;
}

let joined = false;

function joinFeatures(): void {
  if (joined) return;
  joined = true;
  registerFeature(memberFeature);
  registerFeature(doors.doorFeature);
  registerFeature(alertFeature);
  registerFeature(trustFeature);
  registerFeature(playbookFeature);
  registerFeature(planFeature);
  registerFeature(qualityFeature);
  watchNews(member.currentEngine);
  recordAt(() => ({ desk: desk(), saved: () => member.currentEngine()?.saved(), ask }));
  installActions(actions);
  // A step down the road changes distances; only what is shown of a building changes with it.
  effect(() => {
    // Publishing reads signals that it then sets: only the position may call for it.
    if (state.position.value) untracked(() => member.currentDesk()?.publish());
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') newDay();
    // The time is noted: should the clock be set back meanwhile, that shows.
    else if (given.value.mine.length > 0) void member.currentDesk()?.change(() => {}, 'relaxed');
  });
}

async function start(): Promise<void> {
  joinFeatures();
  state.preferences.value = await readPreferences();
  await member.resume();
  newDay();
  void refreshStorageInfo();
}

/** After midnight what was done today is nothing yet, and doors may be called at again. */
function newDay(): void {
  const open = member.currentDesk();
  if (!open) return;
  open.publish();
  idle(() => void doors.refreshDay(open).catch(() => {}));
}

function desk(): Desk {
  const open = member.currentDesk();
  if (!open) throw new Refusal('storage');
  return open;
}

function ask<T>(request: (csrf: string) => Promise<T>): Promise<T> {
  const engine = member.currentEngine();
  if (!engine) throw new Refusal('storage');
  return engine.ask(request);
}

const actions: FieldActions = {
  building: (id) => doors.building(desk(), id),
  doorHistory: (building, household) => doors.doorHistory(desk(), building, household),
  nextDoor: doors.nextDoor,
  neighbour: doors.neighbour,
  record: visits.record,
  recordFloorNobodyHome: visits.recordFloorNobodyHome,
  voidOperation: visits.voidOperation,
  correct: visits.correct,
  undo: visits.undo,
  addDoor: visits.addDoor,
  recordWish: visits.recordWish,
  signIn: member.signIn,
  readInvite: member.readInvite,
  readInviteCode: member.readInviteCode,
  join: member.join,
  signOut: member.signOut,
  membersOnThisPhone: member.membersOnThisPhone,
  devices: member.devices,
  // Rare: it is loaded when somebody asks for it (and kept by the service worker).
  saveRescue: async (choice) => (await import('../sync/rescue')).saveRescue(desk(), choice),
  saveLocked: member.saveLocked,
  countLog: async () => (await import('../sync/rescue')).countLog(desk()),
  forgetRemark: (id) => desk().change((change) => forgetNotice(change, id)),
  syncNow: async () => member.currentEngine()?.sync(),
  applyUpdate,
  askToPersist,
  refreshStorageInfo,
  async setPreferences(change) {
    state.preferences.value = { ...state.preferences.value, ...change };
    await writePreferences(state.preferences.value);
  },
  watchPosition,
  day: (offset = 0) => {
    const open = member.currentDesk();
    return open ? doors.dayFromNow(open, offset) : dayOf(Date.now(), 'Asia/Shanghai');
  },
};
