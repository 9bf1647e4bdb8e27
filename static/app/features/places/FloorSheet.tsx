import { useSignal } from '@preact/signals';
import { recordFloorNobodyHome } from '../../core/field';
import type { BuildingView, Door } from '../../core/types';
import { text } from '../../i18n';
import { Button } from '../../ui/Button';
import { Sheet } from '../../ui/Sheet';
import { toast } from '../../ui/Toast';
import { saveProblem } from '../visits/problems';
import { takeBack } from '../visits/undo';

type Props = { view: BuildingView; unit: string; floor: number | null; onClose: () => void };

function doorsOf({ view, unit, floor }: Props): Door[] {
  const found = view.units.find((one) => one.unit === unit);
  return found?.floors.find((one) => one.floor === floor)?.doors ?? [];
}

/** "Nobody home" at every door of the floor that nobody visited today: shown, counted, one save. */
export function FloorSheet(props: Props) {
  const { view, unit, floor, onClose } = props;
  const t = text.value.building;
  const busy = useSignal(false);
  const doors = doorsOf(props).filter((door) => !door.visitedToday && !door.retired);
  const wished = doors.filter((door) => door.skipped).length;
  const count = doors.length - wished;
  const name = floor === null ? t.otherFloor : String(floor);
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
      <p class="b">
        {doors
          .filter((door) => !door.skipped)
          .map((door) => door.room)
          .join('  ')}
      </p>
      {wished > 0 && <p class="cap">{t.floorWish(wished)}</p>}
    </Sheet>
  );
}
