import type { BuildingSummary } from '../../core/types';
import { text } from '../../i18n';
import { doorNumber } from '../../i18n/door';
import { Button } from '../../ui/Button';
import { CoverageBar } from '../../ui/CoverageBar';
import { distance, percent } from '../../ui/format';
import { go } from '../../ui/router';
import { left } from '../places/BuildingRow';
import type { OnMap } from './onMap';
import { words } from './words';

/** The building that was tapped, else the one to go on in: what is left, and the way to its door. */
export function BuildingCard({ of }: { of: OnMap | null }) {
  const t = words.value.phone;
  if (!of) return <p class="card map-card cap">{t.pick}</p>;
  return (
    <section class="card map-card" aria-label={of.name} aria-live="polite">
      <div class="l1">
        <b>{of.name}</b>
        {of.mine?.distance != null && <span class="cap">{distance(of.mine.distance)}</span>}
        {of.mine && (
          <span class="left">{of.mine.counts.households > 0 ? left(of.mine) : t.noData}</span>
        )}
      </div>
      {of.mine ? <Mine building={of.mine} /> : <p class="cap">{t.notMine}</p>}
    </section>
  );
}

function Mine({ building }: { building: BuildingSummary }) {
  const { id, name, next, rate, target } = building;
  const open = (): void => {
    const unit = next ? `?unit=${encodeURIComponent(next.unit)}` : '';
    go(`/building/${id}${unit}`);
    // The building lies under the sheet, so that "back" leads there first.
    if (next) go(`/building/${id}/door/${next.household}`);
  };
  return (
    <>
      <div class="l2">
        <CoverageBar rate={rate ?? 0} target={target} />
        <span>{percent(rate)}</span>
      </div>
      <Button kind="primary" size="lg" icon="door" block onPress={open}>
        {next
          ? text.value.today.next(doorNumber(name, next.unit, next.room))
          : words.value.phone.open(name)}
      </Button>
    </>
  );
}
