/** What the sheet of an attempt holds while it is filled in, and what is recorded of it. */
import { signal } from '@preact/signals';
import { hasAccountNumber } from './account';
import type {
  Channel,
  Decision,
  PlaceKind,
  Reaction,
  Residency,
  Role,
  ScamType,
  Via,
} from './codes';
import { fenOf } from './money';
import type { AttemptFields } from './record';
import { words } from './texts';
import { tileOf } from './tiles';

export interface StopForm {
  decision: Decision | null;
  via: Via | null;
  bank: string;
  amount: string;
  confirmedBy: string;
}

export interface AttemptForm {
  channel: Channel;
  /** Key of the result's tile. */
  tile: string | null;
  reactions: readonly Reaction[];
  note: string;
  /** Own clock; null: now. */
  when: number | null;
  placeKind: PlaceKind | null;
  placeText: string;
  withWhom: readonly Role[];
  apart: boolean;
  suspected: ScamType | null;
  confirmed: ScamType | null;
  atRisk: string;
  remaining: string;
  frozen: boolean;
  stop: StopForm;
  residency: Residency | null;
  helper: { role: Role | null; name: string; phone: string };
}

export const emptyStop = (): StopForm => ({
  decision: null,
  via: null,
  bank: '',
  amount: '',
  confirmedBy: '',
});

export const emptyAttempt = (channel: Channel): AttemptForm => ({
  channel,
  tile: null,
  reactions: [],
  note: '',
  when: null,
  placeKind: null,
  placeText: '',
  withWhom: [],
  apart: false,
  suspected: null,
  confirmed: null,
  atRisk: '',
  remaining: '',
  frozen: false,
  stop: emptyStop(),
  residency: null,
  helper: { role: null, name: '', phone: '' },
});

/** Another way has other results; what was said stays. */
export const withChannel = (form: AttemptForm, channel: Channel): AttemptForm =>
  channel === form.channel ? form : { ...form, channel, tile: null, placeKind: null };

export const toggled = <T>(list: readonly T[], one: T): T[] =>
  list.includes(one) ? list.filter((other) => other !== one) : [...list, one];

export const isFilled = (form: AttemptForm): boolean =>
  JSON.stringify(form) !== JSON.stringify(emptyAttempt(form.channel));

/** How many characters each text may have; the server's own bounds. */
export const MOST = { note: 500, line: 120, name: 40, phone: 32 } as const;
const PHONE = /^[0-9+*() -]*$/;
const DAY = 86_400_000;

export type Problems = Partial<
  Record<
    | 'note'
    | 'placeText'
    | 'atRisk'
    | 'remaining'
    | 'bank'
    | 'amount'
    | 'confirmedBy'
    | 'name'
    | 'phone'
    | 'when',
    string
  >
>;

/** What is wrong with a text: too long, or the number of a card, which nobody needs here. */
export function textProblem(text: string, most: number): string | undefined {
  const t = words.value.attempt;
  if ([...text].length > most) return t.long(most);
  return hasAccountNumber(text) ? t.account : undefined;
}

export function amountProblem(typed: string): string | undefined {
  return fenOf(typed) === undefined ? words.value.attempt.badAmount : undefined;
}

function phoneProblem(phone: string): string | undefined {
  const t = words.value.attempt;
  if (hasAccountNumber(phone)) return t.account;
  return PHONE.test(phone) && phone.length <= MOST.phone ? undefined : t.badPhone;
}

/** `now` and `received` by the server's clock, `skew` between it and the own. */
export function whenProblem(
  when: number | null,
  { now, received, skew }: { now: number; received: number; skew: number },
): string | undefined {
  const t = words.value.attempt;
  if (when === null) return undefined;
  if (when + skew > now) return t.future;
  return when + skew < received - DAY ? t.old : undefined;
}

export function stopProblems(stop: StopForm): Problems {
  return compact({
    bank: textProblem(stop.bank, MOST.name),
    amount: amountProblem(stop.amount),
    confirmedBy: textProblem(stop.confirmedBy, MOST.name),
  });
}

export function problemsOf(
  form: AttemptForm,
  clock: { now: number; received: number; skew: number },
): Problems {
  return {
    ...compact({
      note: textProblem(form.note, MOST.note),
      placeText: textProblem(form.placeText, MOST.line),
      atRisk: amountProblem(form.atRisk),
      remaining: amountProblem(form.remaining),
      name: textProblem(form.helper.name, MOST.name),
      phone: phoneProblem(form.helper.phone),
      when: whenProblem(form.when, clock),
    }),
    ...stopProblems(form.stop),
  };
}

function compact(problems: Record<string, string | undefined>): Problems {
  return Object.fromEntries(Object.entries(problems).filter(([, text]) => text !== undefined));
}

/** The decision with its log; null while nothing was decided. `at`: the phone's clock, ISO 8601. */
export function stopOf(stop: StopForm, at: string): AttemptFields['stop_payment'] {
  if (!stop.decision) return null;
  const asked = stop.decision === 'requested';
  const amount = fenOf(stop.amount);
  return {
    decision: stop.decision,
    ...(asked && stop.via ? { via: stop.via } : {}),
    ...(asked && stop.bank.trim() ? { bank: stop.bank.trim() } : {}),
    ...(asked && typeof amount === 'number' ? { amount } : {}),
    ...(asked ? { at } : {}),
    ...(asked && stop.confirmedBy.trim() ? { confirmed_by: stop.confirmedBy.trim() } : {}),
  };
}

/** What is recorded; null while no result was chosen. */
export function attemptOf(form: AttemptForm, at: string): AttemptFields | null {
  const tile = tileOf(form.channel, form.tile);
  if (!tile) return null;
  const { helper, placeKind, placeText } = form;
  const remaining = fenOf(form.remaining);
  return {
    channel: form.channel,
    result: tile.result,
    reaction: [...form.reactions],
    note: form.note.trim(),
    place: placeKind
      ? { kind: placeKind, ...(placeText.trim() ? { text: placeText.trim() } : {}) }
      : null,
    with_whom: [...form.withWhom],
    separate: form.apart || null,
    suspected: form.suspected,
    confirmed: form.confirmed,
    at_risk: fenOf(form.atRisk) ?? null,
    remaining: remaining ?? null,
    frozen: typeof remaining === 'number' ? form.frozen : form.frozen || null,
    stop_payment: stopOf(form.stop, at) ?? null,
    residency: form.residency,
    participant: helper.role
      ? {
          role: helper.role,
          ...(helper.name.trim() ? { name: helper.name.trim() } : {}),
          ...(helper.phone.trim() ? { phone: helper.phone.trim() } : {}),
        }
      : null,
  };
}

/** Half-filled sheets by alert: closing one by mistake loses nothing. Only in memory. */
export const drafts = signal<ReadonlyMap<string, AttemptForm>>(new Map());

export function keepDraft(alert: string, form: AttemptForm | null): void {
  const kept = new Map(drafts.value);
  if (form && isFilled(form)) kept.set(alert, form);
  else kept.delete(alert);
  drafts.value = kept;
}
