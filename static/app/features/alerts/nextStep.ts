/**
 * What to do next (design 5.4): proposed from what was tried and from how little time the level
 * leaves. A proposal, never a rule.
 */
import { lastOf } from '../../core/lastOf';
import type { Channel, Level, Result } from './codes';

interface Policy {
  /** So many unanswered calls in a row, or … */
  calls: number;
  /** … so long after the first of them (milliseconds), mean: message, and go there at once. */
  within: number;
  /** There is time for a message alone, and to call again. */
  patient: boolean;
}

const MINUTE = 60_000;

export const POLICY: Record<Level, Policy> = {
  very_high: { calls: 1, within: 5 * MINUTE, patient: false },
  high: { calls: 2, within: 5 * MINUTE, patient: false },
  medium: { calls: 2, within: 15 * MINUTE, patient: true },
  low: { calls: 3, within: 60 * MINUTE, patient: true },
};

/** Part of the alert's time after which a message alone is not enough any more. */
const PATIENCE = 0.5;

export type Why =
  | 'call'
  | 'callAgain'
  | 'unanswered'
  | 'message'
  | 'busy'
  | 'see'
  | 'evaded'
  | 'wrongNumber'
  | 'family'
  | 'doorAgain'
  | 'atBank'
  | 'atPolice'
  | 'met'
  | 'paid'
  | 'atRisk';

export interface Proposal {
  why: Why;
  /** At once, in parallel; the first is the one thing to press. */
  channels: Channel[];
  /** Unanswered calls in a row. */
  unanswered: number;
}

export interface Tried {
  moment: number;
  channel: Channel;
  result: Result;
}

export interface Clock {
  level: Level;
  received: number;
  deadline: number;
  now: number;
}

/** Results that settle what comes next, wherever they came from. */
const AFTER: Partial<Record<Result, Omit<Proposal, 'unanswered'>>> = {
  paid: { why: 'paid', channels: ['police', 'bank'] },
  still_at_risk: { why: 'atRisk', channels: ['family', 'police'] },
  at_bank: { why: 'atBank', channels: ['bank', 'door'] },
  at_police: { why: 'atPolice', channels: ['police'] },
  met: { why: 'met', channels: ['door'] },
  evaded: { why: 'evaded', channels: ['family', 'door'] },
  wrong_number: { why: 'wrongNumber', channels: ['door', 'family'] },
  family_reached: { why: 'family', channels: ['door', 'call'] },
  denied: { why: 'see', channels: ['door'] },
  refused: { why: 'see', channels: ['door'] },
  answered: { why: 'see', channels: ['door'] },
};

/** `tried` in order; only what was done with the person or about them, not what others answered. */
export function nextStep(tried: readonly Tried[], clock: Clock): Proposal {
  const unanswered = unansweredCalls(tried);
  const last = lastOf(tried);
  if (!last) return { why: 'call', channels: ['call'], unanswered };
  if (last.result === 'busy') return { why: 'busy', channels: ['family', 'message'], unanswered };
  const known = AFTER[last.result];
  if (known) return { ...known, unanswered };
  if (last.channel === 'door' || last.channel === 'workplace') {
    return { why: 'doorAgain', channels: ['call', 'family'], unanswered };
  }
  return afterSilence(tried, clock, unanswered);
}

/** Calls without an answer, and messages: what the level leaves time for. */
function afterSilence(tried: readonly Tried[], clock: Clock, unanswered: number): Proposal {
  const { calls, within, patient } = POLICY[clock.level];
  const first = tried
    .filter(({ channel }) => channel === 'call')
    .slice(-Math.max(1, unanswered))[0];
  const waited = first ? clock.now - first.moment : 0;
  if (unanswered < calls && waited < within) {
    return { why: 'callAgain', channels: ['call'], unanswered };
  }
  const sent = tried.some(({ channel }) => channel === 'message');
  const gone = (clock.now - clock.received) / Math.max(1, clock.deadline - clock.received);
  if (patient && gone < PATIENCE) {
    return sent
      ? { why: 'callAgain', channels: ['call'], unanswered }
      : { why: 'message', channels: ['message', 'call'], unanswered };
  }
  return { why: 'unanswered', channels: sent ? ['door'] : ['message', 'door'], unanswered };
}

/** Those since somebody last answered. */
function unansweredCalls(tried: readonly Tried[]): number {
  let count = 0;
  for (const { channel, result } of tried) {
    if (channel === 'call') count = result === 'no_answer' ? count + 1 : 0;
  }
  return count;
}
