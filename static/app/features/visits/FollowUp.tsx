import { day } from '../../core/field';
import type { Day } from '../../core/types';
import { text } from '../../i18n';
import { Chip } from '../../ui/Chip';
import { shortDay } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { proposedDays } from './followUp';

type Props = { value: Day | null; disabled: boolean; onChange: (day: Day | null) => void };

// Chrome opens its calendar only from the small mark in the field, which is hidden here.
function showCalendar(input: HTMLInputElement): void {
  try {
    input.showPicker?.();
  } catch {
    input.focus();
  }
}

/** When to come back: none, three days that suit most, or any day. */
export function FollowUp({ value, disabled, onChange }: Props) {
  const t = text.value.log;
  const choices = proposedDays(day());
  const other = value !== null && !choices.some((choice) => choice.day === value);
  return (
    <div class="field">
      <div class="lbl">{t.followUp}</div>
      <div class="flagrow">
        <Chip tone="follow" on={value === null} disabled={disabled} onPress={() => onChange(null)}>
          {t.none}
        </Chip>
        {choices.map((choice) => (
          <Chip
            key={choice.day}
            tone="follow"
            on={choice.day === value}
            disabled={disabled}
            onPress={() => onChange(choice.day === value ? null : choice.day)}
          >
            {choice.label}
          </Chip>
        ))}
        <span class="chip pick" data-tone="follow" data-on={other ? '' : undefined}>
          <Icon name="calendar" />
          {other && shortDay(value)}
          <input
            type="date"
            aria-label={t.pickDate}
            disabled={disabled}
            min={day()}
            value={other ? value : ''}
            onClick={(event) => showCalendar(event.currentTarget)}
            onChange={(event) => onChange(event.currentTarget.value || null)}
          />
        </span>
      </div>
    </div>
  );
}
