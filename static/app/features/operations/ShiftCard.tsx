import { day, state } from '../../core/field';
import { text } from '../../i18n';
import { when } from '../../ui/format';
import { Icon } from '../../ui/Icon';

/** The end of a shift in three lines: what was done, what is unsent, what the server has. */
export function ShiftCard() {
  const t = text.value.outbox;
  const { unsent } = state.sync.value;
  const receipt = state.receipt.value;
  const complete = receipt !== null && receipt.at > 0 && receipt.different === 0;
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
        <div data-receipt={complete && unsent === 0 ? 'all' : ''}>
          <Icon name={complete ? 'cloudOk' : 'clock'} />
          <span class="grow">
            {complete && <b>{t.receiptAll(receipt.count)}</b>}
            {complete && <br />}
            <span class="cap">
              {complete
                ? t.receiptAt(when(receipt.at, day()))
                : receipt && receipt.different > 0
                  ? t.receiptDifferent(receipt.different)
                  : t.receiptNone}
            </span>
          </span>
        </div>
      </section>
    </>
  );
}
