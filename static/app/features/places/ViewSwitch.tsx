import { text } from '../../i18n';
import { Icon } from '../../ui/Icon';
import type { IconName } from '../../ui/icons';
import { href } from '../../ui/router';

const VIEWS = [
  { view: 'list', to: '/', icon: 'list' },
  {
    view: 'map',
    to: '/map',
    icon: 'M9 4 3.5 6.4v13L9 17l6 3 5.5-2.4v-13L15 7zM9 4v13M15 7v13',
  },
] as const satisfies readonly { view: string; to: string; icon: IconName }[];

/** My buildings as a list or on the map. */
export function ViewSwitch({ current }: { current: 'list' | 'map' }) {
  const t = text.value.today;
  return (
    <nav class="seg vseg" aria-label={t.viewLabel}>
      {VIEWS.map(({ view, to, icon }) => (
        <a
          key={view}
          href={href(to)}
          data-replace=""
          aria-current={view === current ? 'page' : undefined}
        >
          <Icon name={icon} size="s" />
          {view === 'list' ? t.viewList : t.viewMap}
        </a>
      ))}
    </nav>
  );
}
