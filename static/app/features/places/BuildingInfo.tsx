import type { BuildingSummary } from '../../core/types';
import { Sheet } from '../../ui/Sheet';
import { words } from './texts';

type Props = { building: BuildingSummary; onClose: () => void };

function Fact({ label, value }: { label: string; value: string | null }) {
  if (!value) return null;
  return (
    <div class="fact">
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** How to get in, and the grid worker whom residents know. */
export function BuildingInfo({ building, onClose }: Props) {
  const t = words.value.info;
  const caretaker = [building.caretakerName, building.caretakerRole].filter(Boolean).join(' ');
  return (
    <Sheet title={building.name} caption={building.compound} onClose={onClose}>
      <dl class="facts">
        <Fact label={t.access} value={building.accessNote} />
        <Fact label={t.caretaker} value={caretaker} />
        <Fact label={t.address} value={building.address} />
        <Fact label={t.grid} value={building.grid} />
      </dl>
      {!building.accessNote && !caretaker && <p class="cap">{t.infoEmpty}</p>}
    </Sheet>
  );
}
