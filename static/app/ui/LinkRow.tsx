import { Icon } from './Icon';
import type { IconName } from './icons';
import { href } from './router';

type Props = { icon: IconName; to: string; label: string; caption?: string | undefined };

/** A row that leads to another screen. */
export function LinkRow({ icon, to, label, caption }: Props) {
  return (
    <a class="row" href={href(to)}>
      <Icon name={icon} />
      <span class="grow">{label}</span>
      {caption && <span class="cap num">{caption}</span>}
      <Icon name="right" size="s" />
    </a>
  );
}
