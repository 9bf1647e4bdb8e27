import { closeNotice, state } from '../../core/field';
import type { PhoneNotice } from '../../core/types';
import { text } from '../../i18n';
import { clock, dayOf, shortDay } from '../../ui/format';
import { Notice } from '../../ui/Notice';

function words(notice: PhoneNotice): string {
  const t = text.value.phone;
  if (notice.kind === 'handed_over') return t.handedOver(notice.count);
  if (notice.kind === 'expired') return t.expired;
  const { lastSyncAt: at } = notice;
  return at === null ? t.wiped : `${t.wiped}${t.wipedSince(`${shortDay(dayOf(at))} ${clock(at)}`)}`;
}

/** What happened, or is about to happen, to what this phone keeps. */
export function PhoneNotices() {
  const t = text.value;
  const notice = state.notice.value;
  return (
    <>
      {notice && (
        <div class="phone-notice">
          <Notice icon="warn" tone="warn" alert>
            <span class="spread">
              {words(notice)}
              <button type="button" class="link" onClick={closeNotice}>
                {t.common.ok}
              </button>
            </span>
          </Notice>
        </div>
      )}
      {state.storage.value.low && (
        <div class="phone-notice">
          <Notice icon="warn" tone="warn">
            <b>{t.phone.low}</b>
            <br />
            {t.phone.lowLead}
          </Notice>
        </div>
      )}
    </>
  );
}
