import type { ComponentChildren } from 'preact';
import { Icon } from './Icon';
import type { IconName } from './icons';
import { href } from './router';

export type Tone = 'ok' | 'wait' | 'offline' | 'line' | 'plain' | 'alert' | 'alert-solid';

type Props = {
  tone: Tone;
  icon?: IconName | undefined;
  to?: string | undefined;
  onPress?: (() => void) | undefined;
  children: ComponentChildren;
};

/** A state in two or three words; with `to` or `onPress` it can be pressed. */
export function Pill({ tone, icon, to, onPress, children }: Props) {
  const inside = (
    <>
      {icon && <Icon name={icon} />}
      {children}
    </>
  );
  if (to !== undefined) {
    return (
      <a class="pill" data-tone={tone} href={href(to)}>
        {inside}
      </a>
    );
  }
  if (onPress) {
    return (
      <button type="button" class="pill" data-tone={tone} onClick={onPress}>
        {inside}
      </button>
    );
  }
  return (
    <span class="pill" data-tone={tone}>
      {inside}
    </span>
  );
}
