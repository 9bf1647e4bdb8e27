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
import { OnToday } from './alerts/OnToday';
import { provideScript } from './alerts/script';
import { BuildingScreen } from './places/Building';
import { Today } from './places/Today';

const TALK = 'M4 5.5h16v11H11.5l-4.5 3.7v-3.7H4zM8 9.4h8M8 12.8h5';
const toSend = (): number => state.sync.value.unsent + state.sync.value.open;

registerScreen({
  path: '/',
  screen: Today,
  tab: { icon: 'door', label: () => text.value.nav.visits },
});
registerScreen({ path: '/building/:id/:over?/:door?', screen: BuildingScreen });
registerScreen({
  path: '/map',
  load: async () => (await import('./map/MapScreen')).MapScreen,
});
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
registerPart('today', OnToday);
provideScript(lazy(async () => (await import('./playbook/ScriptCard')).ScriptCard, 'part'));
registerScreen({
  path: '/playbook',
  load: async () => (await import('./playbook/Playbook')).Playbook,
  tab: { icon: TALK, label: () => text.value.nav.playbook },
});
registerScreen({
  path: '/playbook/:id/:over?',
  load: async () => (await import('./playbook/Script')).Script,
});
registerPart(
  'today',
  lazy(async () => (await import('./playbook/NewTricks')).NewTricks, 'part'),
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
registerPart(
  'me',
  lazy(async () => (await import('./sessions/SessionRow')).SessionRow, 'part'),
);
registerPart(
  'me',
  lazy(async () => (await import('./leaflets/LeafletRow')).LeafletRow, 'part'),
);
registerPart(
  'today',
  lazy(async () => (await import('./quality/OnToday')).OnToday, 'part'),
);
registerScreen({
  path: '/checks',
  load: async () => (await import('./quality/ChecksScreen')).ChecksScreen,
});
registerScreen({
  path: '/leaflets',
  load: async () => (await import('./leaflets/LeafletScreen')).LeafletScreen,
});
registerScreen({
  path: '/session',
  load: async () => (await import('./sessions/SessionScreen')).SessionScreen,
});
registerScreen({
  path: '/outbox',
  load: async () => (await import('./operations/Outbox')).Outbox,
});
