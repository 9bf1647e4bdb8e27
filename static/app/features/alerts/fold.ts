/**
 * An alert's state from its operations (design 5.6, 5.7): a pure function of the set of those that
 * are not voided. The Python twin is webapp/alerts/fold.py; both keep to tests/vectors/alert.json.
 */
import { lastOf } from '../../core/lastOf';
import type { Day } from '../../core/types';
import {
  type Action,
  type Channel,
  FACE_TO_FACE,
  type Grade,
  IN_TIME,
  type Outcome,
  type Participant,
  type Reaction,
  type Residency,
  type Result,
  type Risk,
  type Role,
  reached,
  type ScamType,
  type Signed,
  type Step,
  type StopPayment,
} from './codes';

/** One operation of any of the four types; what a type lacks is absent. Amounts in fen. */
export interface Fact {
  type: 'alert_join' | 'alert_attempt' | 'alert_outcome' | 'follow_up';
  id: string;
  moment: number;
  /** Its author, a member. */
  by: string;
  /** Recorded with a coordinator's right. */
  coordinator?: boolean;
  action?: Action;
  channel?: Channel;
  result?: Result;
  participant?: Participant | null;
  suspected?: ScamType | null;
  confirmed?: ScamType | null;
  reaction?: readonly Reaction[] | null;
  at_risk?: number | null;
  remaining?: number | null;
  frozen?: boolean | null;
  stop_payment?: StopPayment | null;
  residency?: Residency | null;
  outcome?: Outcome;
  avoided?: number | null;
  recovered?: number | null;
  stopped?: number | null;
  lost?: number | null;
  grade?: Grade | null;
  helped_by?: readonly Role[] | null;
  risk?: Risk | null;
  case?: boolean;
  signed?: Signed | null;
  gift_declined?: boolean;
  thanked?: boolean;
  follow_up?: string | null;
  reached?: boolean;
  next_on?: Day | null;
  again?: boolean;
}

export interface State {
  working: string[];
  /** Who has left, and when. */
  left: Record<string, number>;
  help: boolean;
  /** How many by channel. */
  attempts: Partial<Record<Channel, number>>;
  last: { channel: Channel; result: Result; at: number; by: string } | null;
  first_at: number | null;
  in_contact_at: number | null;
  step: Step;
  /** The one that holds, also while the alert is open again. */
  outcome: Outcome | null;
  outcome_id: string | null;
  outcome_at: number | null;
  /** Null while it is open. */
  closed_at: number | null;
  /** Since when it counts as on time by its outcome. */
  settled_at: number | null;
  reopened: boolean;
  look_again: boolean;
  again: boolean;
  avoided: number | null;
  recovered: number | null;
  stopped: number | null;
  lost: number | null;
  grade: Grade | null;
  case: boolean;
  helped_by: Role[];
  gift_declined: boolean;
  thanked: boolean;
  signed: Signed | null;
  at_risk: number | null;
  remaining: number | null;
  frozen: boolean | null;
  stop_payment: StopPayment | null;
  suspected: ScamType | null;
  confirmed: ScamType | null;
  reactions: Reaction[];
  residency: Residency | null;
  participants: Participant[];
  risk: Risk | null;
}

const empty = (): State => ({
  working: [],
  left: {},
  help: false,
  attempts: {},
  last: null,
  first_at: null,
  in_contact_at: null,
  step: 'new',
  outcome: null,
  outcome_id: null,
  outcome_at: null,
  closed_at: null,
  settled_at: null,
  reopened: false,
  look_again: false,
  again: false,
  avoided: null,
  recovered: null,
  stopped: null,
  lost: null,
  grade: null,
  case: false,
  helped_by: [],
  gift_declined: false,
  thanked: false,
  signed: null,
  at_risk: null,
  remaining: null,
  frozen: null,
  stop_payment: null,
  suspected: null,
  confirmed: null,
  reactions: [],
  residency: null,
  participants: [],
  risk: null,
});

/** By moment, then by id; a repeated id counts once. */
export function inOrder(facts: Iterable<Fact>): Fact[] {
  const once = [...new Map(Array.from(facts, (fact) => [fact.id, fact])).values()];
  return once.sort((a, b) => (after(a, b) ? 1 : -1));
}

const after = (a: Fact, b: Fact): boolean =>
  a.moment !== b.moment ? a.moment > b.moment : a.id > b.id;

export function fold(facts: Iterable<Fact>): State {
  const state = empty();
  const ordered = inOrder(facts);
  for (const fact of ordered) {
    if (fact.type === 'alert_attempt') attempt(state, fact);
    else if (fact.type === 'alert_join') join(state, fact);
    // Said in between, or when closing.
    if (fact.stop_payment) state.stop_payment = fact.stop_payment;
  }
  state.help = helpWanted(ordered);
  close(state, ordered);
  state.step = state.closed_at === null ? stepOf(ordered) : 'closed';
  return state;
}

/**
 * In contact, or closed as dissuaded, already paid or a false alarm, by the deadline; null while that
 * is still possible (design 5.2).
 */
export function onTime(state: State, deadline: number, now: number): boolean | null {
  const reached = [state.in_contact_at, state.settled_at].filter((at) => at !== null);
  if (reached.some((at) => at <= deadline)) return true;
  return state.closed_at === null && reached.length === 0 && now <= deadline ? null : false;
}

const SAID = ['at_risk', 'remaining', 'frozen', 'suspected', 'confirmed', 'residency'] as const;

/** What each attempt adds: the last that says something about a matter is believed. */
function attempt(state: State, fact: Fact): void {
  const { channel, result, moment: at, by } = fact;
  if (!channel || !result) return;
  state.attempts[channel] = (state.attempts[channel] ?? 0) + 1;
  state.last = { channel, result, at, by };
  state.first_at ??= at;
  if (reached(channel, result)) state.in_contact_at ??= at;
  for (const name of SAID) {
    const value = fact[name];
    if (value !== null && value !== undefined) Object.assign(state, { [name]: value });
  }
  for (const code of fact.reaction ?? []) {
    if (!state.reactions.includes(code)) state.reactions.push(code);
  }
  const { participant } = fact;
  if (participant && !state.participants.some((one) => same(one, participant))) {
    state.participants.push(participant);
  }
}

const same = (a: Participant, b: Participant): boolean =>
  a.role === b.role && (a.name ?? '') === (b.name ?? '') && (a.phone ?? '') === (b.phone ?? '');

/** Working = joined and not left. */
function join(state: State, { action, by, moment }: Fact): void {
  const others = state.working.filter((member) => member !== by);
  if (action === 'off') {
    state.left[by] = moment;
    state.working = others;
    return;
  }
  delete state.left[by];
  if (others.length === state.working.length) state.working.push(by);
}

/** Somebody called for help, has not taken that back, and nobody joined them since. */
function helpWanted(ordered: readonly Fact[]): boolean {
  const asked = new Set<string>();
  for (const { type, action, by } of ordered) {
    if (type !== 'alert_join') continue;
    if (action === 'help') asked.add(by);
    else if (action === 'on' && [...asked].some((member) => member !== by)) asked.clear();
    else asked.delete(by);
  }
  return asked.size > 0;
}

function stepOf(ordered: readonly Fact[]): Step {
  const attempts = ordered.filter(({ type }) => type === 'alert_attempt');
  if (attempts.some(({ channel = '' }) => FACE_TO_FACE.has(channel))) return 'door';
  return attempts.length > 0 ? 'contact' : 'new';
}

/** Outcomes, what opens the alert again, and what only asks to look again. */
function close(state: State, ordered: readonly Fact[]): void {
  const outcomes = ordered.filter(({ type }) => type === 'alert_outcome');
  const holding = holdingOf(outcomes);
  if (!holding) return;
  let run = lastRun(ordered);
  state.reopened = run.length === 0 && outcomes.some(closes);
  if (run.length > 0 && unsettledPayment(ordered, holding)) {
    run = [];
    state.reopened = true;
  }
  takeOver(state, holding);
  state.again = ordered.some(({ again }) => again);
  for (const fact of ordered) {
    if (fact.type === 'follow_up' && fact.risk && after(fact, holding)) state.risk = fact.risk;
  }
  const first = run[0];
  if (!first) return;
  state.closed_at = first.moment;
  if (inTime(holding)) state.settled_at = run.find(inTime)?.moment ?? null;
  state.look_again = toLookAgain(ordered, run, first);
}

const inTime = ({ outcome = '' }: { outcome?: string }): boolean => IN_TIME.has(outcome);

/**
 * The outcome that holds: the last, but already_paid wins over dissuaded, at whatever moment, until a
 * coordinator's later outcome.
 */
function holdingOf(outcomes: readonly Fact[]): Fact | undefined {
  const last = lastOf(outcomes);
  if (last?.outcome !== 'dissuaded') return last;
  let paid: Fact | undefined;
  for (const fact of outcomes) {
    if (fact.outcome === 'already_paid') paid = fact;
    else if (fact.coordinator) paid = undefined;
  }
  return paid ?? last;
}

/** Whether it closes the alert: what is not ours runs on until somebody has signed for it. */
const closes = ({ type, outcome, signed }: Fact): boolean =>
  type === 'alert_outcome' && (outcome !== 'not_ours' || Boolean(signed));

/** Whether the alert is open after it, whatever it was before. */
const opens = (fact: Fact): boolean =>
  fact.result === 'paid' ||
  fact.result === 'still_at_risk' ||
  fact.again === true ||
  (fact.type === 'alert_outcome' && !closes(fact));

/** The outcomes since the alert was last closed, the first of which closed it; none while open. */
function lastRun(ordered: readonly Fact[]): Fact[] {
  let run: Fact[] = [];
  for (const fact of ordered) {
    if (closes(fact)) run.push(fact);
    else if (opens(fact)) run = [];
  }
  return run;
}

/**
 * A payment, at whatever moment, that no outcome answers: neither that it was paid, nor what a
 * coordinator decided later.
 */
function unsettledPayment(ordered: readonly Fact[], holding: Fact): boolean {
  if (holding.outcome === 'already_paid') return false;
  let open = false;
  for (const fact of ordered) {
    if (fact.result === 'paid') open = true;
    else if (fact.type === 'alert_outcome' && fact.coordinator) open = false;
  }
  return open;
}

/**
 * Somebody saw the person still at risk before the alert was closed, and nobody has looked since: no
 * coordinator confirmed it, no follow-up reached the person.
 */
function toLookAgain(ordered: readonly Fact[], run: readonly Fact[], closing: Fact): boolean {
  const seen = ordered.some((fact) => fact.result === 'still_at_risk' && after(closing, fact));
  if (!seen || run.slice(1).some(({ coordinator }) => coordinator)) return false;
  return !ordered.some((fact) => fact.type === 'follow_up' && fact.reached && after(fact, closing));
}

/** Amounts, grade and the case mark are those of the outcome that holds, never summed. */
function takeOver(state: State, holding: Fact): void {
  state.outcome = holding.outcome ?? null;
  state.outcome_id = holding.id;
  state.outcome_at = holding.moment;
  state.avoided = holding.avoided ?? null;
  state.recovered = holding.recovered ?? null;
  state.stopped = holding.stopped ?? null;
  state.lost = holding.lost ?? null;
  state.grade = holding.grade ?? null;
  state.case = holding.case ?? false;
  state.helped_by = [...(holding.helped_by ?? [])];
  state.gift_declined = holding.gift_declined ?? false;
  state.thanked = holding.thanked ?? false;
  state.signed = holding.signed ?? null;
  state.risk = holding.risk ?? null;
}
