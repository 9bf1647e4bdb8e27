import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { countLog, saveRescue, state } from '../../core/field';
import type { RescueChoice, RescueResult } from '../../core/types';
import { Button } from '../../ui/Button';
import { Notice } from '../../ui/Notice';
import { Segmented } from '../../ui/Segmented';
import { Sheet } from '../../ui/Sheet';
import { words } from './texts';

function told(result: RescueResult): string {
  const t = words.value.outbox;
  if (result.kind === 'saved') return t.rescueSaved(result.count);
  const codes = { nothing: t.rescueNothing, no_key: t.rescueNoKey, cancelled: t.rescueFailed };
  return codes[result.code];
}

/** What waits, as an encrypted file that somebody can carry to the desk. Needs no network. */
export function RescueSheet({ onClose }: { onClose: () => void }) {
  const t = words.value.outbox;
  const { unsent } = state.sync.value;
  const all = useSignal<number | null>(null);
  const choice = useSignal<RescueChoice>(unsent > 0 ? 'unsent' : 'all');
  const busy = useSignal(false);
  const result = useSignal<RescueResult | null>(null);
  const broken = useSignal(false);
  useEffect(() => {
    countLog().then(
      (count) => {
        all.value = count;
      },
      () => undefined,
    );
  }, [all]);
  const save = async (): Promise<void> => {
    if (busy.value) return;
    busy.value = true;
    broken.value = false;
    result.value = null;
    try {
      result.value = await saveRescue(choice.value);
    } catch {
      broken.value = true;
    } finally {
      busy.value = false;
    }
  };
  const done = result.value;
  return (
    <Sheet
      title={t.rescue}
      onClose={onClose}
      foot={
        <Button
          kind="primary"
          size="lg"
          icon="download"
          block
          disabled={busy.value}
          onPress={() => void save()}
        >
          {t.rescueSave}
        </Button>
      }
    >
      <p>{t.rescueLead}</p>
      <Segmented
        label={t.rescue}
        wrap
        value={choice.value}
        options={[
          { value: 'unsent', label: t.rescueUnsent(unsent), disabled: unsent === 0 },
          { value: 'all', label: t.rescueAll(all.value ?? unsent) },
        ]}
        onChange={(value) => {
          if (value) choice.value = value;
        }}
      />
      <p class="cap">{t.rescueKeep}</p>
      <div role="status">
        {(done || broken.value) && (
          <Notice
            icon={done?.kind === 'saved' ? 'check' : 'warn'}
            tone={done?.kind === 'saved' ? 'ok' : 'warn'}
          >
            {done ? told(done) : t.rescueFailed}
            {done?.kind === 'saved' && <p class="cap address">{done.name}</p>}
          </Notice>
        )}
      </div>
    </Sheet>
  );
}
