/** What the sheet of an outcome holds while it is filled in, and what is recorded of it. */
import type { MyAlertRow } from '../../contract';
import type { Day } from '../../core/types';
import { addDays } from '../../ui/format';
import {
  amountProblem,
  emptyStop,
  MOST,
  type Problems,
  type StopForm,
  stopOf,
  stopProblems,
  textProblem,
} from './attemptForm';
import type { Grade, Outcome, Risk, Role } from './codes';
import type { State } from './fold';
import { fenOf } from './money';
import type { OutcomeFields } from './record';

export interface OutcomeForm {
  outcome: Outcome | null;
  avoided: string;
  recovered: string;
  stopped: string;
  lost: string;
  grade: Grade | null;
  stop: StopForm;
  risk: Risk | null;
  helpedBy: readonly Role[];
  case: boolean;
  gift: boolean;
  thanked: boolean;
  note: string;
  office: string;
  signedBy: string;
  signedAt: number | null;
}

/** The decision that was made on the way stands there already. */
export const emptyOutcome = ({ stop_payment }: State): OutcomeForm => ({
  outcome: null,
  avoided: '',
  recovered: '',
  stopped: '',
  lost: '',
  grade: null,
  stop: { ...emptyStop(), decision: stop_payment?.decision ?? null },
  risk: null,
  helpedBy: [],
  case: false,
  gift: false,
  thanked: false,
  note: '',
  office: '',
  signedBy: '',
  signedAt: null,
});

/** Nothing was at stake, or it is not ours to say. */
const WITHOUT_RISK: readonly Outcome[] = ['not_ours', 'duplicate', 'false_alarm'];

export const asksRisk = (outcome: Outcome | null): boolean =>
  outcome !== null && !WITHOUT_RISK.includes(outcome);

/** Of a duplicate the other alert says it; every other one is asked (design 5.5). */
export const asksStop = (outcome: Outcome | null): boolean =>
  outcome !== null && outcome !== 'duplicate';

export const asksAvoided = (outcome: Outcome | null): boolean =>
  outcome === 'dissuaded' || outcome === 'already_paid';

/** A choice, and the risk that usually goes with it. */
export function withOutcome(form: OutcomeForm, outcome: Outcome): OutcomeForm {
  const risk = asksRisk(outcome)
    ? (form.risk ?? (outcome === 'unreachable' ? 'high' : 'medium'))
    : null;
  return { ...form, outcome, risk };
}

export type OutcomeProblems = Problems &
  Partial<Record<'avoided' | 'recovered' | 'stopped' | 'lost' | 'office' | 'signedBy', string>>;

export function outcomeProblems(form: OutcomeForm): OutcomeProblems {
  const found: Record<string, string | undefined> = {
    note: textProblem(form.note, MOST.note),
    office: textProblem(form.office, MOST.line),
    signedBy: textProblem(form.signedBy, MOST.name),
  };
  for (const name of ['avoided', 'recovered', 'stopped', 'lost'] as const) {
    found[name] = amountProblem(form[name]);
  }
  const wrong = Object.entries(found).filter(([, text]) => text !== undefined);
  return { ...Object.fromEntries(wrong), ...stopProblems(form.stop) };
}

/** `at`: the phone's clock, ISO 8601. */
export function outcomeOf(
  form: OutcomeForm,
  state: State,
  at: string,
  iso: (moment: number) => string,
): OutcomeFields | null {
  const { outcome } = form;
  if (!outcome) return null;
  const paid = outcome === 'already_paid';
  const kept = outcome === 'dissuaded' || paid;
  const amount = (typed: string, asked: boolean): number | null =>
    asked ? (fenOf(typed) ?? null) : null;
  const decided =
    form.stop.decision !== null && form.stop.decision !== state.stop_payment?.decision;
  const office = form.office.trim();
  const signs = outcome === 'not_ours' && office !== '';
  return {
    outcome,
    avoided: amount(form.avoided, kept),
    recovered: amount(form.recovered, paid),
    stopped: amount(form.stopped, kept),
    lost: amount(form.lost, paid),
    grade: kept ? form.grade : null,
    helped_by: [...form.helpedBy],
    risk: form.risk,
    stop_payment: asksStop(outcome) && decided ? (stopOf(form.stop, at) ?? null) : null,
    signed: signs
      ? {
          office,
          at: form.signedAt === null ? at : iso(form.signedAt),
          ...(form.signedBy.trim() ? { name: form.signedBy.trim() } : {}),
        }
      : null,
    note: form.note.trim(),
    ...(form.case ? { case: true } : {}),
    ...(form.gift ? { gift_declined: true } : {}),
    ...(form.thanked ? { thanked: true } : {}),
  };
}

/** On which days this alert would be asked about again, if it closed today with this risk. */
export function daysFor(
  row: Pick<MyAlertRow, 'follow_up_days'>,
  risk: Risk | null,
  today: Day,
): Day[] {
  const plan = row.follow_up_days ?? {};
  return (risk ? (plan[risk] ?? []) : []).map((days) => addDays(today, days));
}
