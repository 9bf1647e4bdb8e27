import { text } from '../../i18n';
import { registeredTabs } from '../../ui/screens';
import { TabBar } from '../../ui/TabBar';

/** The app's main places; what is not on the server or needs a look is counted on "me". */
export function Tabs({ current }: { current: string }) {
  return <TabBar label={text.value.nav.label} current={current} tabs={registeredTabs()} />;
}
