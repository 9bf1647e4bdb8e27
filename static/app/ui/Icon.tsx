import { ICONS, type IconName, type KnownIcon } from './icons';

type Props = { name: IconName; size?: 's' | 'l' };

/** A decorative icon; the control that holds it carries the name. */
export function Icon({ name, size }: Props) {
  return (
    <svg class={size ? `icon ${size}` : 'icon'} viewBox="0 0 24 24" aria-hidden="true">
      <path d={ICONS[name as KnownIcon] ?? name} />
    </svg>
  );
}
