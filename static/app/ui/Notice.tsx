import type { ComponentChildren } from 'preact';
import { Icon } from './Icon';
import type { IconName } from './icons';

type Props = {
  tone?: 'ok' | 'warn' | 'plain' | undefined;
  icon: IconName;
  alert?: boolean | undefined;
  children: ComponentChildren;
};

/** A few words that matter now, in a band of their own. */
export function Notice({ tone = 'plain', icon, alert, children }: Props) {
  return (
    <div class="notice" data-tone={tone} role={alert ? 'alert' : undefined}>
      <Icon name={icon} />
      <div class="grow">{children}</div>
    </div>
  );
}
