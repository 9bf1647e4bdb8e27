import { building as buildingSignal } from '../../core/field';
import type { BuildingSummary } from '../../core/types';
import { text } from '../../i18n';
import { CoverageBar } from '../../ui/CoverageBar';
import { Facts } from '../../ui/Facts';
import { distance, percent } from '../../ui/format';
import { href } from '../../ui/router';

function facts(building: BuildingSummary): string[] {
  const t = text.value;
  return [
    building.compound ?? '',
    building.distance === null ? '' : distance(building.distance),
    building.provisional ? t.today.provisional : '',
    building.yours ? '' : t.today.notYours,
    building.toTarget === 0 && building.rate !== null ? t.today.onTarget : '',
  ];
}

/** What is left to do: doors that nobody knocked at, then homes that the target still needs. */
export function left(building: BuildingSummary): string {
  const t = text.value.today;
  const { untouched } = building.states;
  if (untouched > 0) return t.unvisited(untouched);
  return building.toTarget > 0 ? t.missing(building.toTarget) : t.allVisited;
}

/** One building: where, how many are left, how far it is. */
export function BuildingRow({ building }: { building: BuildingSummary }) {
  const t = text.value;
  return (
    <a
      class="bldrow"
      href={href(`/building/${building.id}`)}
      // Its doors are read while the finger is still on the glass.
      onPointerDown={() => void buildingSignal(building.id)}
    >
      <span class="l1">
        <b>{building.name}</b>
        {building.practice && <span class="tag">{t.common.practice}</span>}
        <span class="cap">
          <Facts of={facts(building)} />
        </span>
        <span class="left">{left(building)}</span>
      </span>
      <span class="l2">
        <CoverageBar rate={building.rate ?? 0} target={building.target} />
        <span>{percent(building.rate)}</span>
      </span>
    </a>
  );
}
