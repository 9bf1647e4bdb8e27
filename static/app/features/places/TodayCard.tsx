import { state } from '../../core/field';
import { text } from '../../i18n';
import { CoverageBar } from '../../ui/CoverageBar';
import { percent } from '../../ui/format';
import { askedOn, plans } from '../plans/given';
import { Doors } from './Doors';
import { together } from './order';

type StatProps = { label: string; value: number; asked: number; unit: string };

function Stat({ label, value, asked, unit }: StatProps) {
  return (
    <div class="stat">
      <dt>{label}</dt>
      <dd>
        <b>{value}</b>{' '}
        {(asked > 0 || unit) && <small>{asked > 0 ? `/ ${asked} ${unit}` : unit}</small>}
      </dd>
      {asked > 0 && <CoverageBar rate={Math.min(10_000, Math.floor((10_000 * value) / asked))} />}
    </div>
  );
}

/** Doors done today, of how many if the desk has planned it, and how far my buildings are from the target. */
export function TodayCard() {
  const t = text.value.today;
  const done = state.today.value;
  const asked = askedOn(plans.value, done.day);
  const headline = state.community.value?.headline ?? 'publicity';
  const buildings = state.buildings.value;
  const { rate, target, toTarget } = together(buildings, headline);
  const left = buildings.reduce((sum, one) => sum + (one.practice ? 0 : one.left), 0);
  const toDo = Math.max(0, asked.homes - done.doors);
  const distance = toTarget > 0 ? t.toTarget(toTarget, percent(target)) : t.onTarget;
  const ofToday = toDo > 0 ? t.toDo(toDo) : t.allDone;
  const coverage = rate === null ? '' : distance;
  return (
    <section class="card plan" aria-label={t.title}>
      <div class="plan-top">
        <span>
          <b>{done.doors}</b>{' '}
          <small>{asked.homes > 0 ? `/ ${asked.homes} ${t.doors}` : t.doors}</small>
        </span>
        <span class="cap">{asked.homes > 0 ? ofToday : coverage}</span>
      </div>
      <Doors
        done={done.doors}
        left={asked.homes > 0 ? toDo : left}
        label={t.doneLabel(done.doors)}
      />
      <dl class="stats">
        <Stat
          label={t.leaflets}
          value={done.leaflets}
          asked={asked.leaflets}
          unit={t.leafletUnit}
        />
        <Stat label={t.app} value={done.helped} asked={asked.installed} unit={t.appUnit} />
      </dl>
      {rate !== null && (
        <div class="whole">
          <CoverageBar rate={rate} target={target} />
          <span>{percent(rate)}</span>
          {asked.homes > 0 && <small class="cap">{coverage}</small>}
        </div>
      )}
    </section>
  );
}
