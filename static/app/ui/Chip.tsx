import type { ComponentChildren } from 'preact';

type Props = {
  on: boolean;
  onPress: () => void;
  tone?: 'follow' | undefined;
  disabled?: boolean | undefined;
  label?: string | undefined;
  children: ComponentChildren;
};

/** Choose one or several of a short row. */
export function Chip({ on, onPress, tone, disabled, label, children }: Props) {
  return (
    <button
      type="button"
      class="chip"
      aria-pressed={on}
      aria-label={label}
      data-tone={tone}
      disabled={disabled}
      onClick={onPress}
    >
      {children}
    </button>
  );
}
