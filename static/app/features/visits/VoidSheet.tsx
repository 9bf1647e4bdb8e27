import { useSignal } from '@preact/signals';
import { voidOperation } from '../../core/field';
import type { HistoryItem, VoidReason } from '../../core/types';
import { Button } from '../../ui/Button';
import { Chip } from '../../ui/Chip';
import { Sheet } from '../../ui/Sheet';
import { toast } from '../../ui/Toast';
import { saveProblem } from './problems';
import { words } from './texts';

const REASONS: readonly VoidReason[] = ['wrong_door', 'wrong_outcome', 'duplicate', 'other'];

type Props = { building: string; item: HistoryItem; caption: string; onClose: () => void };

/** Takes back one entry: it stops counting, a trace of it stays. */
export function VoidSheet({ building, item, caption, onClose }: Props) {
  const t = words.value;
  const reason = useSignal<VoidReason | null>(null);
  const save = async (): Promise<void> => {
    if (!reason.value) return;
    try {
      await voidOperation(building, item.id, reason.value);
      toast({ title: t.history.voided });
      onClose();
    } catch (error) {
      toast({ title: saveProblem(error) });
    }
  };
  return (
    <Sheet
      title={t.history.voidTitle}
      caption={caption}
      alert
      onClose={onClose}
      foot={
        <Button kind="primary" size="lg" block disabled={!reason.value} onPress={() => void save()}>
          {t.history.void}
        </Button>
      }
    >
      <p>{t.history.voidLead}</p>
      <div class="field">
        <div class="lbl">{t.history.reason}</div>
        <div class="chips">
          {REASONS.map((code) => (
            <Chip
              key={code}
              on={reason.value === code}
              onPress={() => {
                reason.value = code;
              }}
            >
              {t.reason[code]}
            </Chip>
          ))}
        </div>
      </div>
    </Sheet>
  );
}
