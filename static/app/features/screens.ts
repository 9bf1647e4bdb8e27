/**
 * All screens of the app, a line or two each; those with a tab stand in the order of the tab bar.
 * What is not the first screen or a building is loaded when it is needed.
 */
import { state } from '../core/field';
import { text } from '../i18n';
import { lazy } from '../ui/lazy';
import { registerPart } from '../ui/parts';
import { registerScreen } from '../ui/screens';
import { given } from './alerts/given';
import { BuildingScreen } from './places/Building';
import { Today } from './places/Today';

const toSend = (): number => state.sync.value.unsent + state.sync.value.open;

registerScreen({
  path: '/',
  screen: Today,
  tab: { icon: 'door', label: () => text.value.nav.visits },
});
registerScreen({ path: '/building/:id/:over?/:door?', screen: BuildingScreen });
registerScreen({
  path: '/alerts',
  load: async () => (await import('./alerts/Alerts')).Alerts,
  tab: {
    icon: 'bell',
    label: () => text.value.nav.alerts,
    badge: () => given.value.mine.length,
    tone: 'alert',
  },
});
registerScreen({
  path: '/alert/:id/:over?',
  load: async () => (await import('./alerts/Alert')).Alert,
});
registerScreen({
  path: '/follow-up/:id/:over?',
  load: async () => (await import('./alerts/FollowUp')).FollowUp,
});
registerPart(
  'today',
  lazy(async () => (await import('./alerts/TodayStrip')).TodayStrip, 'part'),
);
registerScreen({
  path: '/me',
  load: async () => (await import('./accounts/Me')).Me,
  tab: { icon: 'user', label: () => text.value.nav.me, badge: toSend },
});
registerScreen({
  path: '/badge/:over?',
  load: async () => (await import('./trust/Badge')).Badge,
});
registerPart(
  'today',
  lazy(async () => (await import('./trust/DutyCard')).DutyCard, 'part'),
);
registerPart(
  'me',
  lazy(async () => (await import('./trust/MeRow')).MeRow, 'part'),
);
registerScreen({
  path: '/outbox',
  load: async () => (await import('./operations/Outbox')).Outbox,
});
