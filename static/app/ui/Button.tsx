import type { ComponentChildren } from 'preact';
import { Icon } from './Icon';
import type { IconName } from './icons';

type Props = {
  kind?: 'primary' | 'secondary' | 'soft' | 'quiet' | undefined;
  size?: 'lg' | undefined;
  icon?: IconName | undefined;
  block?: boolean | undefined;
  submit?: boolean | undefined;
  /** Looks and answers as unavailable, yet stays in the tab order and says why. */
  disabled?: boolean | undefined;
  onPress?: (() => void) | undefined;
  children: ComponentChildren;
};

/** One solid (`primary`) button a screen; the others stay quiet. */
export function Button(props: Props) {
  const { kind = 'secondary', size, icon, block, submit, disabled, onPress, children } = props;
  return (
    <button
      type={submit ? 'submit' : 'button'}
      class={block ? 'btn block' : 'btn'}
      data-kind={kind}
      data-size={size}
      aria-disabled={disabled || undefined}
      onClick={(event) => {
        if (disabled) event.preventDefault();
        else onPress?.();
      }}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}
