import { state } from '../../core/field';
import { text } from '../../i18n';
import { Pill } from '../../ui/Pill';

/** Where the data is, in two or three words; leads to the outbox. */
export function SyncPill() {
  const t = text.value.sync;
  const { online, unsent, open } = state.sync.value;
  if (state.session.value.state === 'sign_in_again') {
    return (
      <Pill tone="wait" icon="lock" to="/sign-in">
        {t.signIn}
      </Pill>
    );
  }
  if (!online) {
    return (
      <Pill tone="offline" icon="cloudOff" to="/outbox">
        {unsent > 0 ? t.offlineWaiting(unsent) : text.value.common.offline}
      </Pill>
    );
  }
  if (unsent > 0) {
    return (
      <Pill tone="wait" icon="cloudUp" to="/outbox">
        {t.waiting(unsent)}
      </Pill>
    );
  }
  if (open > 0) {
    return (
      <Pill tone="wait" icon="warn" to="/outbox">
        {t.held(open)}
      </Pill>
    );
  }
  return (
    <Pill tone="ok" icon="cloudOk" to="/outbox">
      {t.done}
    </Pill>
  );
}
