import { useSignal } from '@preact/signals';
import { clock } from '../../ui/format';
import { here } from '../recording';
import { words } from './texts';

type Props = {
  /** Own clock; null: now. */
  value: number | null;
  error: string | undefined;
  onChange: (when: number | null) => void;
};

const two = (n: number): string => String(n).padStart(2, '0');

/** What the browser's own time input takes, in the phone's zone. */
function typed(moment: number): string {
  const at = new Date(moment);
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** Noted by itself; may be set back to when it happened. */
export function When({ value, error, onChange }: Props) {
  const t = words.value.attempt;
  const open = useSignal(value !== null);
  const { clock: own } = here().desk;
  const shown = value ?? own.now();
  return (
    <div class="field">
      <div class="rowfield">
        <span>
          <b>{clock(shown + own.skew)}</b> {value === null && <span class="cap">{t.auto}</span>}
        </span>
        {!open.value && (
          <button
            type="button"
            class="link"
            onClick={() => {
              open.value = true;
            }}
          >
            {t.changeTime}
          </button>
        )}
      </div>
      {open.value && (
        <input
          class="input"
          type="datetime-local"
          aria-label={t.earlier}
          aria-invalid={error !== undefined}
          aria-describedby={error ? 'alert-when-problem' : undefined}
          max={typed(own.now())}
          value={typed(shown)}
          onInput={(event) => {
            const at = new Date(event.currentTarget.value).getTime();
            onChange(Number.isNaN(at) ? null : at);
          }}
        />
      )}
      {error && (
        <p class="error" id="alert-when-problem" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
