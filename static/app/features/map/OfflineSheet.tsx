import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { MapBase } from '../../contract';
import { state } from '../../core/field';
import { Button } from '../../ui/Button';
import { bytes } from '../../ui/format';
import { Notice } from '../../ui/Notice';
import { Sheet } from '../../ui/Sheet';
import type { Place } from './crs';
import { boxOf, eraseMap, type Kept, keepArea, keptMap } from './offline';
import { words } from './words';

type Props = { base: MapBase; places: readonly Place[]; onClose: () => void };
type Progress = { done: number; total: number };

/** Keeping the base map of one's area on the phone: how far it is, how much it takes, no more. */
export function OfflineSheet({ base, places, onClose }: Props) {
  const t = words.value.phone;
  const kept = useSignal<Kept | null>(null);
  const progress = useSignal<Progress | null>(null);
  const failed = useSignal(false);
  const work = useRef<AbortController | null>(null);
  useEffect(() => {
    void keptMap().then((found) => {
      kept.value = found;
    });
    return () => work.current?.abort();
  }, []);

  const keep = async (): Promise<void> => {
    const box = boxOf(places);
    if (!box) return;
    const control = new AbortController();
    work.current = control;
    failed.value = false;
    progress.value = { done: 0, total: 0 };
    try {
      const { reader } = await import('./tiles');
      kept.value = await keepArea({
        base,
        box,
        server: reader(base),
        signal: control.signal,
        onProgress: (done, total) => {
          progress.value = { done, total };
        },
      });
    } catch {
      failed.value = !control.signal.aborted;
    }
    progress.value = null;
  };
  const erase = async (): Promise<void> => {
    await eraseMap();
    kept.value = null;
  };
  const { online } = state.sync.value;
  const at = progress.value;
  const old = kept.value !== null && kept.value.version !== base.version;
  return (
    <Sheet title={t.offline} caption={t.most(bytes(base.limit))} onClose={onClose}>
      <p>{t.offlineLead}</p>
      <p class="cap">{t.outlinesOnly}</p>
      {at && (
        <div class="map-progress" role="status">
          <progress max={at.total || 1} value={at.done} aria-label={t.offline} />
          <span>{t.progress(at.done, at.total)}</span>
        </div>
      )}
      {!at && kept.value && (
        <p>
          <b>{t.kept(bytes(kept.value.bytes))}</b>
        </p>
      )}
      {!at && kept.value && !kept.value.whole && (
        <Notice icon="warn">{t.limit(bytes(base.limit))}</Notice>
      )}
      {!at && old && <Notice icon="warn">{t.old}</Notice>}
      {failed.value && <Notice icon="warn">{t.failed}</Notice>}
      {!online && !at && <p class="cap">{t.needsNetwork}</p>}
      <div class="map-buttons">
        {at ? (
          <Button kind="secondary" onPress={() => work.current?.abort()}>
            {t.stop}
          </Button>
        ) : (
          <Button kind="primary" icon="download" disabled={!online} onPress={() => void keep()}>
            {kept.value ? t.again : t.save}
          </Button>
        )}
        {!at && kept.value && (
          <Button kind="secondary" icon="trash" onPress={() => void erase()}>
            {t.erase}
          </Button>
        )}
      </div>
    </Sheet>
  );
}
