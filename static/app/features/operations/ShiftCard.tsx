import { day, state } from '../../core/field';
import { when } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { words } from './texts';

/** The end of a shift in three lines: what was done, what is unsent, what the server has. */
export function ShiftCard() {
  const t = words.value.outbox;
  const { unsent } = state.sync.value;
  const receipt = state.receipt.value;
  const all = receipt?.all && receipt.count > 0;
  const checked = receipt?.count ? when(receipt.at, day()) : '';
  return (
    <>
      <div class="section">
        <h2>{t.shift}</h2>
      </div>
      <section class="card rows shift" aria-label={t.shift}>
        <div>
          <Icon name="door" />
          <b class="grow">{t.shiftDoors(state.today.value.doors)}</b>
        </div>
        <div>
          <Icon name={unsent === 0 ? 'check' : 'cloudUp'} />
          <b class="grow">{t.shiftUnsent(unsent)}</b>
        </div>
        <div>
          <Icon name={all ? 'cloudOk' : 'clock'} />
          <span class="grow">
            {all && (
              <>
                <b>{t.receiptAll(receipt.count)}</b>
                <br />
              </>
            )}
            <span class="cap">
              {receipt && receipt.different > 0
                ? t.receiptDifferent(receipt.different)
                : all && checked
                  ? t.receiptAt(checked)
                  : checked
                    ? t.receiptUntil(checked, receipt?.count ?? 0)
                    : t.receiptNone}
            </span>
          </span>
        </div>
      </section>
    </>
  );
}
