import { useSignal } from '@preact/signals';
import { words } from './texts';

type Props = {
  id: string;
  describedBy: string | undefined;
  invalid: boolean;
  value: string;
  fresh?: boolean;
  onInput: (value: string) => void;
};

/** A password that can be looked at: most mistakes at a door are typing mistakes. */
export function Password({ id, describedBy, invalid, value, fresh, onInput }: Props) {
  const t = words.value.signIn;
  const shown = useSignal(false);
  return (
    <div class="reveal">
      <input
        id={id}
        class="input"
        {...(shown.value ? ({ type: 'text' } as const) : ({ type: 'password' } as const))}
        autocomplete={fresh ? 'new-password' : 'current-password'}
        autocapitalize="off"
        aria-describedby={describedBy}
        aria-invalid={invalid}
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      <button
        type="button"
        aria-label={shown.value ? t.hide : t.show}
        aria-pressed={shown.value}
        onClick={() => {
          shown.value = !shown.value;
        }}
      >
        {shown.value ? t.hideShort : t.showShort}
      </button>
    </div>
  );
}
