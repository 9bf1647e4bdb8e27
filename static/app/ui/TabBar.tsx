import { Icon } from './Icon';
import type { IconName } from './icons';
import { href } from './router';

export type Tab = {
  to: string;
  icon: IconName;
  label: string;
  badge?: number | undefined;
  tone?: 'alert' | undefined;
};

type Props = { label: string; tabs: readonly Tab[]; current: string };

/** The few places that exist. */
export function TabBar({ label, tabs, current }: Props) {
  return (
    <nav class="tabbar" aria-label={label}>
      {tabs.map((tab) => (
        <a
          key={tab.to}
          href={href(tab.to)}
          data-tone={tab.tone}
          aria-current={tab.to === current ? 'page' : undefined}
        >
          <Icon name={tab.icon} />
          <span>{tab.label}</span>
          {tab.badge ? <span class="badge">{tab.badge > 99 ? '99+' : tab.badge}</span> : null}
        </a>
      ))}
    </nav>
  );
}
