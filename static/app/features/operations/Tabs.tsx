import { state } from '../../core/field';
import { text } from '../../i18n';
import { TabBar } from '../../ui/TabBar';

/** The app's main places; the badge counts what is not on the server or needs a look. */
export function Tabs({ current }: { current: '/' | '/outbox' | '/me' }) {
  const t = text.value.nav;
  const { unsent, open } = state.sync.value;
  return (
    <TabBar
      label={t.label}
      current={current}
      tabs={[
        { to: '/', icon: 'door', label: t.visits },
        { to: '/outbox', icon: 'cloudUp', label: t.outbox, badge: unsent + open },
        { to: '/me', icon: 'user', label: t.me },
      ]}
    />
  );
}
