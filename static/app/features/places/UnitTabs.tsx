import { useEffect, useRef } from 'preact/hooks';
import type { Unit } from '../../core/types';
import { text } from '../../i18n';
import { percent } from '../../ui/format';
import { Segmented } from '../../ui/Segmented';

type Props = { units: readonly Unit[]; value: string; onChange: (unit: string) => void };

/** The stairwells side by side; many of them scroll sideways. A single one needs no tabs. */
export function UnitTabs({ units, value, onChange }: Props) {
  const t = text.value.building;
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const chosen = holder.current?.querySelector('[aria-selected="true"]');
    chosen?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [value]);
  if (units.length < 2) return <div class="units" data-single />;
  return (
    <div class="units" ref={holder} data-many={units.length > 3 ? '' : undefined}>
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
