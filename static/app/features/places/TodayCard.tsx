import { state } from '../../core/field';
import { text } from '../../i18n';
import { CoverageBar } from '../../ui/CoverageBar';
import { percent } from '../../ui/format';
import { Doors } from './Doors';
import { together } from './order';

function Stat({ label, value, unit }: { label: string; value: number; unit: string }) {
  return (
    <div class="stat">
      <dt>{label}</dt>
      <dd>
        <b>{value}</b> {unit && <small>{unit}</small>}
      </dd>
    </div>
  );
}

/** Doors done today and how far my buildings are from the target. */
export function TodayCard() {
  const t = text.value.today;
  const done = state.today.value;
  const headline = state.community.value?.headline ?? 'publicity';
  const buildings = state.buildings.value;
  const { rate, target, toTarget } = together(buildings, headline);
  const left = buildings.reduce((sum, one) => sum + (one.practice ? 0 : one.left), 0);
  return (
    <section class="card plan" aria-label={t.title}>
      <div class="plan-top">
        <span>
          <b>{done.doors}</b> <small>{t.doors}</small>
        </span>
        <span class="cap">
          {rate === null ? '' : toTarget > 0 ? t.toTarget(toTarget, percent(target)) : t.onTarget}
        </span>
      </div>
      <Doors done={done.doors} left={left} label={t.doneLabel(done.doors)} />
      <dl class="stats">
        <Stat label={t.leaflets} value={done.leaflets} unit={t.leafletUnit} />
        <Stat label={t.app} value={done.helped} unit={t.appUnit} />
      </dl>
      {rate !== null && (
        <div class="whole">
          <CoverageBar rate={rate} target={target} />
          <span>{percent(rate)}</span>
        </div>
      )}
    </section>
  );
}
