import { useSignal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { isoLocal } from '../../core/clock';
import { day } from '../../core/field';
import { text } from '../../i18n';
import { Button } from '../../ui/Button';
import { Facts } from '../../ui/Facts';
import { daysBetween, shortDay, weekdayOf } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import type { IconName } from '../../ui/icons';
import { Notice } from '../../ui/Notice';
import { Sheet } from '../../ui/Sheet';
import { ToastSlot, toast } from '../../ui/Toast';
import { unsavedForms } from '../../ui/typing';
import { here } from '../recording';
import { saveProblem } from '../visits/problems';
import { typeName } from './AlertCard';
import { toggled } from './attemptForm';
import type { Grade, Outcome, Risk, Role } from './codes';
import { given } from './given';
import { BANK } from './icons';
import { AmountLine, Codes, NoteLine, Switch, TextLine, Tiles } from './inputs';
import type { Working } from './lay';
import { serverNow } from './now';
import {
  asksAvoided,
  asksRisk,
  asksStop,
  daysFor,
  emptyOutcome,
  type OutcomeForm,
  type OutcomeProblems,
  outcomeOf,
  outcomeProblems,
  withOutcome,
} from './outcomeForm';
import { record } from './record';
import { StopPayment } from './StopPayment';
import { takeBackToast } from './saved';
import { words } from './texts';
import { When } from './When';

const USUAL: readonly { outcome: Outcome; icon: IconName }[] = [
  { outcome: 'dissuaded', icon: 'check' },
  { outcome: 'already_paid', icon: BANK },
  { outcome: 'unreachable', icon: 'call' },
  { outcome: 'not_ours', icon: 'pin' },
];
const REST: readonly { outcome: Outcome; icon: IconName }[] = [
  { outcome: 'false_alarm', icon: 'slash' },
  { outcome: 'duplicate', icon: 'copy' },
];
const GRADES: readonly Grade[] = ['claimed', 'bank', 'police'];
const RISKS: readonly Risk[] = ['high', 'medium', 'low', 'none'];
const ROLES: readonly Role[] = [
  'family',
  'colleague',
  'bank',
  'police',
  'neighbour',
  'grid_worker',
];

type Change = (form: OutcomeForm) => void;
type PartsProps = { form: OutcomeForm; problems: OutcomeProblems; onChange: Change };

function Outcomes({ form, onChange }: Omit<PartsProps, 'problems'>) {
  const t = words.value;
  const all = useSignal(false);
  const shown =
    all.value || REST.some(({ outcome }) => outcome === form.outcome) ? [...USUAL, ...REST] : USUAL;
  return (
    <div>
      <Tiles
        label={t.close.title}
        tiles={shown.map(({ outcome, icon }) => ({
          value: outcome,
          label: t.outcome[outcome],
          icon,
        }))}
        value={form.outcome}
        onChoose={(outcome) => onChange(withOutcome(form, outcome as Outcome))}
      />
      {shown.length === USUAL.length && (
        <button
          type="button"
          class="link"
          onClick={() => {
            all.value = true;
          }}
        >
          {t.close.moreOutcomes}
          <Icon name="down" size="s" />
        </button>
      )}
    </div>
  );
}

/** Each amount for itself: they are never added together. */
function Amounts({ form, problems, onChange }: PartsProps) {
  const t = words.value;
  const paid = form.outcome === 'already_paid';
  const line = (name: 'avoided' | 'recovered' | 'stopped' | 'lost', hint?: string) => (
    <AmountLine
      label={t.close[name]}
      hint={hint}
      value={form[name]}
      error={problems[name]}
      onInput={(typed) => onChange({ ...form, [name]: typed })}
    />
  );
  return (
    <>
      {paid ? line('lost') : line('avoided', t.close.avoidedHint)}
      {paid && line('recovered')}
      {paid && line('avoided', t.close.avoidedHint)}
      {form.stop.decision === 'requested' && line('stopped')}
      <Codes
        label={t.close.grade}
        codes={GRADES}
        names={t.grade}
        on={(code) => form.grade === code}
        onPress={(code) => onChange({ ...form, grade: form.grade === code ? null : code })}
      />
    </>
  );
}

/** `3天后 周五`. */
export function dayName(on: string, today: string): string {
  const { date } = text.value;
  const ahead = daysBetween(today, on);
  const weekday = date.weekdays[weekdayOf(on)] ?? '';
  if (ahead <= 7) return `${ahead === 1 ? date.tomorrow : date.inDays(ahead)} ${weekday}`;
  return date.withWeekday(shortDay(on), weekday);
}

function RiskLeft({
  working,
  form,
  onChange,
}: Omit<PartsProps, 'problems'> & { working: Working }) {
  const t = words.value.close;
  const days = daysFor(working.row, form.risk, day());
  const first = days[0];
  return (
    <>
      <Codes
        label={t.risk}
        hint={t.riskHint}
        codes={RISKS}
        names={t.risks}
        on={(code) => form.risk === code}
        onPress={(risk) => onChange({ ...form, risk })}
      />
      <p class="cap follows">
        <Icon name="follow" size="s" />
        {first === undefined
          ? t.noFollowUp
          : days.length > 1
            ? t.askMore(dayName(first, day()), days.length)
            : t.askAgain(dayName(first, day()))}
      </p>
    </>
  );
}

/** Who takes over what is not ours; a volunteer tells the coordinator, whose word it is. */
function Signature({ form, problems, onChange }: PartsProps) {
  const t = words.value.close;
  if (!given.value.coordinator) {
    return (
      <Notice icon="warn" tone="warn">
        {t.notOurs}
      </Notice>
    );
  }
  return (
    <>
      <TextLine
        label={t.signedOffice}
        value={form.office}
        error={problems.office}
        onInput={(office) => onChange({ ...form, office })}
      />
      <TextLine
        label={t.signedName}
        value={form.signedBy}
        error={problems.signedBy}
        onInput={(signedBy) => onChange({ ...form, signedBy })}
      />
      {form.office.trim() !== '' && (
        <>
          <p class="cap">{t.signedAt}</p>
          <When
            value={form.signedAt}
            error={undefined}
            onChange={(signedAt) => onChange({ ...form, signedAt })}
          />
        </>
      )}
    </>
  );
}

function Thanks({ form, onChange }: Omit<PartsProps, 'problems'>) {
  const t = words.value;
  return (
    <>
      <Codes
        label={t.close.helpedBy}
        hint={t.attempt.many}
        codes={ROLES}
        names={t.role}
        on={(code) => form.helpedBy.includes(code)}
        onPress={(code) => onChange({ ...form, helpedBy: toggled(form.helpedBy, code) })}
      />
      <div>
        <Switch on={form.case} onChange={(on) => onChange({ ...form, case: on })}>
          {t.close.case}
        </Switch>
        <Switch on={form.gift} onChange={(gift) => onChange({ ...form, gift })}>
          {t.close.gift}
        </Switch>
        <Switch on={form.thanked} onChange={(thanked) => onChange({ ...form, thanked })}>
          {t.close.thanked}
        </Switch>
      </div>
    </>
  );
}

function saveWords(form: OutcomeForm, working: Working): string {
  const t = words.value.close;
  if (!form.outcome) return t.choose;
  if (form.outcome === 'not_ours' && !form.office.trim()) return t.keepOpen;
  const first = daysFor(working.row, form.risk, day())[0];
  return first ? t.saveThen(dayName(first, day())) : t.save;
}

const isSigned = (form: OutcomeForm): boolean =>
  form.outcome !== 'not_ours' || form.office.trim() !== '';

type Props = { working: Working; onClose: () => void; onDone: () => void };

/** How it ended: one tap for the outcome, one for the stop-payment, and it is closed. */
export function OutcomeSheet({ working, onClose, onDone }: Props) {
  const t = words.value;
  const { row, state } = working;
  const [form, setForm] = useState(() => emptyOutcome(state));
  const tried = useSignal(false);
  const busy = useSignal(false);
  const problems = outcomeProblems(form);
  const needsStop = asksStop(form.outcome) && form.stop.decision === null;
  const dirty = form.outcome !== null;
  useEffect(() => {
    if (!dirty) return undefined;
    unsavedForms.value += 1;
    return () => {
      unsavedForms.value -= 1;
    };
  }, [dirty]);

  const save = async (): Promise<void> => {
    tried.value = true;
    const at = isoLocal(here().desk.clock.now());
    const fields = outcomeOf(form, state, at, isoLocal);
    if (busy.value || !fields || needsStop || Object.keys(problems).length > 0) return;
    busy.value = true;
    try {
      const ids = await record(row.id, { type: 'alert_outcome', fields });
      takeBackToast(isSigned(form) ? t.close.saved : t.close.savedOpen, ids);
      if (isSigned(form)) onDone();
      else onClose();
    } catch (error) {
      toast({ title: saveProblem(error) });
    } finally {
      busy.value = false;
    }
  };

  const minutes = Math.max(0, Math.floor((serverNow() - row.received_at) / 60_000));
  const wrong = needsStop ? t.close.needStop : Object.values(problems)[0];
  return (
    <Sheet
      title={t.close.title}
      caption={
        <Facts
          of={[
            row.resident_name || t.list.number(row.number),
            typeName(state.confirmed ?? state.suspected ?? row.scam_type),
            t.close.lead(minutes),
          ]}
        />
      }
      onClose={onClose}
      foot={
        <>
          <ToastSlot />
          {tried.value && wrong && (
            <p class="error center" role="alert">
              {wrong}
            </p>
          )}
          <Button
            kind="primary"
            size="lg"
            block
            disabled={!form.outcome || busy.value}
            onPress={() => void save()}
          >
            {saveWords(form, working)}
          </Button>
        </>
      }
    >
      <Outcomes form={form} onChange={setForm} />
      {!form.outcome && <p class="cap">{t.close.deny}</p>}
      {form.outcome === 'not_ours' && (
        <Signature form={form} problems={problems} onChange={setForm} />
      )}
      {asksAvoided(form.outcome) && <Amounts form={form} problems={problems} onChange={setForm} />}
      {asksStop(form.outcome) && (
        <StopPayment
          stop={form.stop}
          problems={problems}
          hint={t.close.stopHint}
          onChange={(stop) => setForm({ ...form, stop })}
        />
      )}
      {asksRisk(form.outcome) && <RiskLeft working={working} form={form} onChange={setForm} />}
      {form.outcome && (
        <>
          <NoteLine
            label={t.close.note}
            placeholder={t.close.notePlaceholder}
            value={form.note}
            error={problems.note}
            onInput={(note) => setForm({ ...form, note })}
          />
          {asksAvoided(form.outcome) && <Thanks form={form} onChange={setForm} />}
        </>
      )}
    </Sheet>
  );
}
