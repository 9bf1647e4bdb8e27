import { type AttemptForm, type Problems, toggled } from './attemptForm';
import type { PlaceKind, Residency, Role, ScamType } from './codes';
import { AmountLine, Codes, Part, Switch, TextLine } from './inputs';
import { StopPayment } from './StopPayment';
import { words } from './texts';

/** Which of the parts is unfolded when the sheet opens. */
export type Unfolded = 'scam' | 'money' | 'stop' | 'people' | null;

type Props = {
  form: AttemptForm;
  problems: Problems;
  unfolded: Unfolded;
  onChange: (form: AttemptForm) => void;
};

const SCAMS: readonly ScamType[] = [
  'task',
  'investment',
  'loan',
  'customer_service',
  'authorities',
  'acquaintance',
  'romance',
  'shopping',
  'game',
  'ticket',
  'other',
];
const ROLES: readonly Role[] = [
  'family',
  'colleague',
  'guardian',
  'bank',
  'police',
  'neighbour',
  'grid_worker',
];
const PLACES: readonly PlaceKind[] = ['home', 'work', 'bank', 'police', 'other'];
const RESIDENCIES: readonly Residency[] = ['yes', 'no', 'unknown'];

const one = <T,>(now: T | null, chosen: T): T | null => (now === chosen ? null : chosen);

function Scam({ form, unfolded, onChange }: Props) {
  const t = words.value;
  return (
    <Part
      title={t.attempt.scam}
      filled={form.suspected !== null || form.confirmed !== null}
      open={unfolded === 'scam'}
    >
      <Codes
        label={t.attempt.suspected}
        codes={SCAMS}
        names={t.scam}
        on={(code) => form.suspected === code}
        onPress={(code) => onChange({ ...form, suspected: one(form.suspected, code) })}
      />
      <Codes
        label={t.attempt.confirmed}
        codes={SCAMS}
        names={t.scam}
        on={(code) => form.confirmed === code}
        onPress={(code) => onChange({ ...form, confirmed: one(form.confirmed, code) })}
      />
    </Part>
  );
}

function Money({ form, problems, unfolded, onChange }: Props) {
  const t = words.value.attempt;
  return (
    <Part
      title={t.amounts}
      filled={form.atRisk !== '' || form.remaining !== '' || form.frozen}
      open={unfolded === 'money'}
    >
      <AmountLine
        label={t.atRisk}
        value={form.atRisk}
        error={problems.atRisk}
        onInput={(atRisk) => onChange({ ...form, atRisk })}
      />
      <AmountLine
        label={t.remaining}
        value={form.remaining}
        error={problems.remaining}
        onInput={(remaining) => onChange({ ...form, remaining })}
      />
      <Switch on={form.frozen} onChange={(frozen) => onChange({ ...form, frozen })}>
        {t.frozen}
      </Switch>
    </Part>
  );
}

function Stop({ form, problems, unfolded, onChange }: Props) {
  return (
    <Part
      title={words.value.attempt.stop}
      filled={form.stop.decision !== null}
      open={unfolded === 'stop'}
    >
      <StopPayment
        stop={form.stop}
        problems={problems}
        onChange={(stop) => onChange({ ...form, stop })}
      />
    </Part>
  );
}

function Helper({ form, problems, onChange }: Omit<Props, 'unfolded'>) {
  const t = words.value;
  const { helper } = form;
  return (
    <>
      <Codes
        label={t.attempt.helper}
        codes={ROLES}
        names={t.role}
        on={(code) => helper.role === code}
        onPress={(code) =>
          onChange({ ...form, helper: { ...helper, role: one(helper.role, code) } })
        }
      />
      {helper.role && (
        <>
          <TextLine
            label={t.attempt.helperName}
            value={helper.name}
            error={problems.name}
            onInput={(name) => onChange({ ...form, helper: { ...helper, name } })}
          />
          <TextLine
            tel
            label={t.attempt.helperPhone}
            value={helper.phone}
            error={problems.phone}
            onInput={(phone) => onChange({ ...form, helper: { ...helper, phone } })}
          />
        </>
      )}
    </>
  );
}

function People(props: Props) {
  const { form, unfolded, onChange } = props;
  const t = words.value;
  const filled = form.withWhom.length > 0 || form.apart || form.helper.role !== null;
  return (
    <Part title={t.attempt.who} filled={filled} open={unfolded === 'people'}>
      <Codes
        label={t.attempt.who}
        hint={t.attempt.many}
        codes={ROLES}
        names={t.role}
        on={(code) => form.withWhom.includes(code)}
        onPress={(code) => onChange({ ...form, withWhom: toggled(form.withWhom, code) })}
      />
      <Switch on={form.apart} onChange={(apart) => onChange({ ...form, apart })}>
        {t.attempt.apart}
      </Switch>
      <Helper {...props} />
    </Part>
  );
}

/** Where they went, or where they were met; asked at once when the person is not at home. */
export function Where({ form, problems, onChange }: Omit<Props, 'unfolded'>) {
  const t = words.value;
  return (
    <>
      <Codes
        label={form.tile === 'elsewhere' ? t.attempt.whereTo : t.attempt.where}
        codes={PLACES}
        names={t.placeKind}
        on={(code) => form.placeKind === code}
        onPress={(code) => onChange({ ...form, placeKind: one(form.placeKind, code) })}
      />
      {form.placeKind && form.placeKind !== 'home' && (
        <TextLine
          label={t.attempt.whereText}
          value={form.placeText}
          error={problems.placeText}
          onInput={(placeText) => onChange({ ...form, placeText })}
        />
      )}
    </>
  );
}

function Resident({ form, onChange }: Pick<Props, 'form' | 'onChange'>) {
  const t = words.value.attempt;
  const names = { yes: t.residencyYes, no: t.residencyNo, unknown: t.residencyUnknown };
  return (
    <>
      <Codes
        label={t.residency}
        codes={RESIDENCIES}
        names={names}
        on={(code) => form.residency === code}
        onPress={(code) => onChange({ ...form, residency: one(form.residency, code) })}
      />
      {form.residency === 'no' && <p class="cap">{t.notHere}</p>}
    </>
  );
}

/** Everything that need not be said. */
export function AttemptParts(props: Props) {
  const { form } = props;
  const t = words.value.attempt;
  const asked = form.tile === 'elsewhere';
  const filled = (form.placeKind !== null && !asked) || form.residency !== null;
  return (
    <div class="parts">
      <Scam {...props} />
      <Money {...props} />
      <Stop {...props} />
      <People {...props} />
      <Part title={t.more} filled={filled} open={false}>
        {!asked && <Where {...props} />}
        <Resident {...props} />
      </Part>
    </div>
  );
}
