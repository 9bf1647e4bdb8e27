import type { Problems, StopForm } from './attemptForm';
import type { Decision, Via } from './codes';
import { AmountLine, Codes, TextLine } from './inputs';
import { words } from './texts';

const DECISIONS: readonly Decision[] = ['requested', 'not_needed', 'declined'];
const VIAS: readonly Via[] = ['police', 'hotline', 'bank'];

type Props = {
  stop: StopForm;
  problems: Problems;
  hint?: string | undefined;
  onChange: (stop: StopForm) => void;
};

/** The decision, and when it was asked for: of whom, how much, who confirmed it. */
export function StopPayment({ stop, problems, hint, onChange }: Props) {
  const t = words.value;
  const names: Record<Decision, string> = {
    requested: t.close.requested,
    not_needed: t.close.notNeeded,
    declined: t.close.declined,
  };
  return (
    <>
      <Codes
        label={t.close.stop}
        hint={hint}
        codes={DECISIONS}
        names={names}
        on={(code) => stop.decision === code}
        onPress={(decision) =>
          onChange({ ...stop, decision: stop.decision === decision ? null : decision })
        }
      />
      {stop.decision === 'requested' && (
        <>
          <p class="cap">{t.attempt.stopLead}</p>
          <Codes
            label={t.attempt.stopVia}
            codes={VIAS}
            names={t.via}
            on={(code) => stop.via === code}
            onPress={(via) => onChange({ ...stop, via: stop.via === via ? null : via })}
          />
          <TextLine
            label={t.attempt.bank}
            value={stop.bank}
            error={problems.bank}
            onInput={(bank) => onChange({ ...stop, bank })}
          />
          <AmountLine
            label={t.attempt.stopAmount}
            value={stop.amount}
            error={problems.amount}
            onInput={(amount) => onChange({ ...stop, amount })}
          />
          <TextLine
            label={t.attempt.confirmedBy}
            value={stop.confirmedBy}
            error={problems.confirmedBy}
            onInput={(confirmedBy) => onChange({ ...stop, confirmedBy })}
          />
        </>
      )}
    </>
  );
}
