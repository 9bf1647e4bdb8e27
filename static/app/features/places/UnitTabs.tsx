import { useEffect, useRef } from 'preact/hooks';
import type { Unit } from '../../core/types';
import { text } from '../../i18n';
import { percent } from '../../ui/format';
import { Segmented } from '../../ui/Segmented';

type Props = { units: readonly Unit[]; value: string; onChange: (unit: string) => void };

/** So many stand with name and rate in one line. */
const ONE_LINE = 3;
/** So many fit without scrolling, name above rate. */
const FIT = 4;

/** The stairwells side by side; many of them scroll sideways. A single one needs no tabs. */
export function UnitTabs({ units, value, onChange }: Props) {
  const t = text.value.building;
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (units.length <= FIT) return;
    const chosen = holder.current?.querySelector('[aria-selected="true"]');
    chosen?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [value, units.length]);
  if (units.length < 2) return <div class="units" data-single />;
  return (
    <div class="units" ref={holder} data-many={units.length > ONE_LINE ? '' : undefined}>
      <Segmented
        label={t.units}
        tabs
        value={value}
        onChange={(unit) => unit !== null && onChange(unit)}
        options={units.map((unit) => ({
          value: unit.unit,
          label: (
            <>
              {unit.unit ? t.unit(unit.unit) : t.noUnit} <small>{percent(unit.rate)}</small>
            </>
          ),
        }))}
      />
    </div>
  );
}
