import { useSignal } from '@preact/signals';
import { askToPersist, state } from '../../core/field';
import { CoverageBar } from '../../ui/CoverageBar';
import { bytes } from '../../ui/format';
import { words } from './texts';

const WHOLE = 10_000;

/** How full the phone's share is, and whether the system may clear it. */
export function StorageCard() {
  const t = words.value.store;
  const refused = useSignal(false);
  const { used, quota, persisted } = state.storage.value;
  const known = used !== null && quota !== null && quota > 0;
  const ask = async (): Promise<void> => {
    refused.value = !(await askToPersist());
  };
  return (
    <>
      <div class="section">
        <h2>{t.storage}</h2>
        {known && <span class="cap">{t.used(bytes(used), bytes(quota - used))}</span>}
      </div>
      <section class="card store" aria-label={t.storage}>
        {known && <CoverageBar rate={Math.min(WHOLE, (used / quota) * WHOLE)} />}
        <p>{persisted ? t.persisted : t.notPersisted}</p>
        {!persisted && (
          <button type="button" class="link" onClick={() => void ask()}>
            {t.persist}
          </button>
        )}
        {refused.value && (
          <p class="cap" role="status">
            {t.persistRefused}
          </p>
        )}
      </section>
    </>
  );
}
