import { useSignal } from '@preact/signals';
import { recordFloorNobodyHome, state } from '../../core/field';
import type { BuildingView, Door } from '../../core/types';
import { text } from '../../i18n';
import { Button } from '../../ui/Button';
import { Sheet } from '../../ui/Sheet';
import { toast } from '../../ui/Toast';
import { saveProblem } from '../visits/problems';
import { takeBack } from '../visits/undo';
import { words } from './texts';
import { worthAKnock } from './walk';

type Props = { view: BuildingView; unit: string; floor: number | null; onClose: () => void };

function doorsOf({ view, unit, floor }: Props): Door[] {
  const found = view.units.find((one) => one.unit === unit);
  return found?.floors.find((one) => one.floor === floor)?.doors ?? [];
}

/** "Nobody home" at every door of the floor that is worth a knock today: shown, counted, one save. */
export function FloorSheet(props: Props) {
  const { view, unit, floor, onClose } = props;
  const t = words.value.floor;
  const busy = useSignal(false);
  const { day } = state.today.value;
  const all = doorsOf(props);
  // The same doors that the save takes.
  const doors = all.filter((door) => worthAKnock(door, day));
  const wished = all.filter((d) => d.skipped && worthAKnock({ ...d, skipped: false }, day)).length;
  const count = doors.length;
  const name = floor === null ? text.value.building.otherFloor : String(floor);
  const save = async (): Promise<void> => {
    if (busy.value) return;
    busy.value = true;
    try {
      const saved = await recordFloorNobodyHome(view.building.id, unit, floor);
      toast({
        title: t.floorDone(saved.doors.length),
        action: { run: () => void takeBack(saved) },
      });
      onClose();
    } catch (error) {
      busy.value = false;
      toast({ title: saveProblem(error) });
    }
  };
  return (
    <Sheet
      title={t.floorTitle(name)}
      caption={text.value.log.where(view.building.name, unit)}
      onClose={onClose}
      foot={
        <Button
          kind="primary"
          size="lg"
          icon="closed"
          block
          disabled={count === 0}
          onPress={() => void save()}
        >
          {count === 0 ? t.floorNone : t.floorSave(count)}
        </Button>
      }
    >
      {count > 0 && <p>{t.floorLead(count)}</p>}
      <p class="b">{doors.map((door) => door.room).join('  ')}</p>
      {wished > 0 && <p class="cap">{t.floorWish(wished)}</p>}
    </Sheet>
  );
}
