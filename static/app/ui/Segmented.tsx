import type { ComponentChildren } from 'preact';

export type Option<T extends string> = { value: T; label: ComponentChildren; disabled?: boolean };

type Props<T extends string> = {
  label: string;
  options: readonly Option<T>[];
  value: T | null;
  onChange: (value: T | null) => void;
  /** `tabs` switches what is shown below; otherwise it is a choice. */
  tabs?: boolean | undefined;
  /** The choice may be taken back by a second press. */
  clearable?: boolean | undefined;
  strong?: boolean | undefined;
  wrap?: boolean | undefined;
  class?: string | undefined;
};

const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/** Moves with the arrow keys among the buttons of a group and presses the one it reaches. */
export function moveInGroup(event: KeyboardEvent): void {
  const move = STEPS[event.key];
  const group = event.currentTarget as HTMLElement;
  if (move === undefined) return;
  const buttons = [...group.querySelectorAll<HTMLButtonElement>('button:not([disabled])')];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  if (at < 0) return;
  event.preventDefault();
  const next = buttons[(at + move + buttons.length) % buttons.length];
  next?.focus();
  next?.click();
}

/** One of a few, side by side. */
export function Segmented<T extends string>(props: Props<T>) {
  const { label, options, value, onChange, tabs, clearable, strong, wrap } = props;
  const chosen = options.some((option) => option.value === value);
  return (
    <div
      class={props.class ? `seg ${props.class}` : 'seg'}
      data-strong={strong ? '' : undefined}
      data-wrap={wrap ? '' : undefined}
      {...{
        role: tabs ? ('tablist' as const) : ('radiogroup' as const),
        'aria-label': label,
        onKeyDown: moveInGroup,
      }}
    >
      {options.map((option, index) => {
        const on = option.value === value;
        return (
          <button
            key={option.value}
            type="button"
            {...(tabs
              ? { role: 'tab' as const, 'aria-selected': on }
              : { role: 'radio' as const, 'aria-checked': on })}
            disabled={option.disabled}
            tabIndex={on || (!chosen && index === 0) ? 0 : -1}
            onClick={() => onChange(on && clearable ? null : option.value)}
          >
            {option.label}
          </button>
        );
      })}
    </div>
  );
}
