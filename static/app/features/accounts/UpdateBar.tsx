import { state } from '../../core/field';
import { applyUpdate } from '../../core/update';
import { text } from '../../i18n';
import { Notice } from '../../ui/Notice';
import { unsavedForms } from '../../ui/typing';

/** "New version ready": shown and applied only while nothing is typed anywhere. */
export function UpdateBar() {
  const t = text.value.update;
  if (!state.update.value.available || unsavedForms.value > 0) return null;
  return (
    <Notice icon="refresh" tone="ok">
      <span class="spread">
        {t.ready}
        <button type="button" class="link" onClick={() => applyUpdate()}>
          {t.apply}
        </button>
      </span>
    </Notice>
  );
}
