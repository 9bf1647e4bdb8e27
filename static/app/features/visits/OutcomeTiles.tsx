import { OUTCOMES, type Outcome } from '../../core/types';
import { text } from '../../i18n';
import { Icon } from '../../ui/Icon';
import { moveInGroup } from '../../ui/Segmented';
import { OUTCOME_ICON } from '../../ui/states';

/** The two that happen most are twice as wide. */
const WIDE: readonly Outcome[] = ['informed', 'no_answer'];

type Props = { value: Outcome | null; onChange: (outcome: Outcome) => void };

/** What happened at the door: five tiles, one tap. */
export function OutcomeTiles({ value, onChange }: Props) {
  const t = text.value;
  return (
    <div class="outcomes" role="radiogroup" aria-label={t.log.outcome} onKeyDown={moveInGroup}>
      {OUTCOMES.map((outcome, index) => (
        <button
          key={outcome}
          type="button"
          class={WIDE.includes(outcome) ? 'outcome wide' : 'outcome'}
          {...{ role: 'radio' as const, 'aria-checked': outcome === value }}
          tabIndex={outcome === value || (value === null && index === 0) ? 0 : -1}
          onClick={() => onChange(outcome)}
        >
          <Icon name={OUTCOME_ICON[outcome]} />
          {t.outcome[outcome]}
        </button>
      ))}
    </div>
  );
}
