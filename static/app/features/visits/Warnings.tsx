import type { Door } from '../../core/types';
import { text } from '../../i18n';
import { shortDay } from '../../ui/format';
import { Notice } from '../../ui/Notice';
import { dropDraft } from './drafts';
import type { Form } from './form';

/** What to know before logging this door. */
export function Warnings({ door, form }: { door: Door; form: Form }) {
  const t = text.value.log;
  const until = door.wish?.no_visits_until;
  return (
    <>
      {form.correcting && (
        <Notice icon="pen" tone="ok">
          <span class="spread">
            {t.correctLead}
            <button type="button" class="link" onClick={() => dropDraft(door.household)}>
              {t.stopCorrecting}
            </button>
          </span>
        </Notice>
      )}
      {door.skipped && until && (
        <Notice icon="moon" tone="warn">
          {t.wishWarning(shortDay(until))}
        </Notice>
      )}
      {door.retired && <Notice icon="warn">{t.retired}</Notice>}
      {(door.open > 0 || door.provisional) && (
        <Notice icon="warn">{text.value.common.needsLook}</Notice>
      )}
    </>
  );
}
