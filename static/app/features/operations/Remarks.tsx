import { day, forgetRemark, state } from '../../core/field';
import type { Remark } from '../../core/types';
import { text } from '../../i18n';
import { doorNumber } from '../../i18n/door';
import { Button } from '../../ui/Button';
import { when } from '../../ui/format';
import { go } from '../../ui/router';
import { words as doors } from '../places/texts';
import { words } from './texts';

function told({ kind, code }: Remark): string {
  const t = words.value.outbox;
  if (kind === 'dismissed') return t.dismissed;
  const warnings: Record<string, string> = t.warnings;
  return warnings[code ?? 'other'] ?? t.warnings.other;
}

function where({ buildingName, door, outcome, alert, trick }: Remark): string {
  if (alert) return words.value.outbox.alerts;
  if (trick) return words.value.outbox.tricks;
  const name = buildingName ?? '';
  const place = door ? doorNumber(name, door.unit, door.room) : name;
  return outcome ? `${place} ${text.value.outcome[outcome]}` : place;
}

/** Settled entries of which one should know: set aside at the desk, or with something to mend. */
export function Remarks() {
  const t = words.value;
  const remarks = state.remarks.value;
  if (remarks.length === 0) return null;
  return (
    <>
      <div class="section">
        <h2>
          {t.outbox.remarks} <span class="count">{remarks.length}</span>
        </h2>
      </div>
      <section class="card fix" aria-label={t.outbox.remarks}>
        {remarks.map((remark) => (
          <div key={remark.id}>
            <div class="spread">
              <b>{where(remark)}</b>
              <span class="cap nowrap">{when(remark.moment, day())}</span>
            </div>
            <p>{told(remark)}</p>
            <div class="two-buttons">
              <Button kind="secondary" onPress={() => void forgetRemark(remark.id)}>
                {text.value.common.ok}
              </Button>
              {remark.door && (
                <Button
                  kind="soft"
                  onPress={() =>
                    remark.door &&
                    go(`/building/${remark.door.building}/door/${remark.door.household}`)
                  }
                >
                  {remark.kind === 'warning' ? t.outbox.mend : doors.value.addDoor.openIt}
                </Button>
              )}
            </div>
          </div>
        ))}
      </section>
    </>
  );
}
