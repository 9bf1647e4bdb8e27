import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Display, Floor, Unit } from '../../core/types';
import { text } from '../../i18n';
import { columnOf, type Layout, layoutOf } from './columns';
import { HouseholdCell } from './HouseholdCell';

/** Floors that any phone can show at once; a tower's others come in the next frame. */
const FIRST_FLOORS = 12;
/** A row of doors with its space, in rem: the others' place is kept, so that nothing jumps. */
const ROW_REM = 3.625;

/** A press this long is the gesture for a whole floor. */
const LONG_PRESS_MS = 500;
const MOVED_PX = 10;

type Props = {
  unit: Unit;
  next: string | null;
  only: Display | null;
  /** Doors side by side that the screen has room for. */
  most: number;
  onDoor: (household: string) => void;
  onFloor: (floor: number | null) => void;
};

/** Reads the catalogue's signal, so it is drawn again only when its own doors change. */
function FloorRow({ floor, layout, next }: { floor: Floor; layout: Layout; next: string | null }) {
  const t = text.value.building;
  const name = floor.floor === null ? t.otherFloor : String(floor.floor);
  const taken = new Set<number>();
  return (
    <div class="fl" data-floor={floor.floor ?? ''} data-long={name.length > 3 ? '' : undefined}>
      <button type="button" class="flno" aria-label={t.floorLabel(name)}>
        {name}
      </button>
      <div class="cells">
        {floor.doors.map((door) => {
          const at = layout.labels.indexOf(columnOf(door) ?? '') + 1;
          const column = at > 0 && !taken.has(at) ? at : undefined;
          if (column) taken.add(column);
          const isNext = door.household === next;
          return <HouseholdCell key={door.household} door={door} next={isNext} column={column} />;
        })}
      </div>
    </div>
  );
}

/** Watches for a long press; the tap that ends it is swallowed. */
function useLongPress(onLong: (target: Element) => void) {
  const press = useRef({ timer: 0, x: 0, y: 0, fired: false });
  const end = (): void => clearTimeout(press.current.timer);
  return {
    onPointerDown: (event: PointerEvent) => {
      end();
      const target = event.target as Element;
      press.current = { timer: 0, x: event.clientX, y: event.clientY, fired: false };
      press.current.timer = window.setTimeout(() => {
        press.current.fired = true;
        onLong(target);
      }, LONG_PRESS_MS);
    },
    onPointerMove: (event: PointerEvent) => {
      const { x, y } = press.current;
      if (Math.hypot(event.clientX - x, event.clientY - y) > MOVED_PX) end();
    },
    onPointerUp: end,
    onPointerCancel: end,
    onPointerLeave: end,
    onContextMenu: (event: Event) => event.preventDefault(),
    swallow: (): boolean => {
      const { fired } = press.current;
      press.current.fired = false;
      return fired;
    },
  };
}

function floorAt(target: Element): number | null {
  const value = target.closest<HTMLElement>('.fl')?.dataset.floor;
  return value ? Number(value) : null;
}

/** Draws the floors in sight first: opening a tower costs no more than opening a house. */
function useFloors(floors: readonly Floor[]): { shown: readonly Floor[]; missing: number } {
  const [all, setAll] = useState(floors.length <= FIRST_FLOORS);
  useEffect(() => {
    if (all) return undefined;
    const frame = requestAnimationFrame(() => setAll(true));
    return () => cancelAnimationFrame(frame);
  }, [all]);
  const shown = all ? floors : floors.slice(0, FIRST_FLOORS);
  return { shown, missing: floors.length - shown.length };
}

/** Floor by room, top floor first. One listener for all doors: a tap opens, a long press is the floor. */
export function Grid({ unit, next, only, most, onDoor, onFloor }: Props) {
  const t = text.value.building;
  const layout = useMemo(() => layoutOf(unit, most), [unit, most]);
  const { shown, missing } = useFloors(unit.floors);
  const { swallow, ...press } = useLongPress((target) => {
    if (target.closest('.fl')) onFloor(floorAt(target));
  });
  const onClick = (event: MouseEvent): void => {
    if (swallow()) return;
    const target = event.target as Element;
    const household = target.closest<HTMLElement>('.hh')?.dataset.id;
    if (household) onDoor(household);
    else if (target.closest('.flno')) onFloor(floorAt(target));
  };
  return (
    <div class="board-grid" data-cols={layout.count}>
      <div class="colh" aria-hidden="true">
        <span>{t.floor}</span>
        <div class="cells">
          {layout.labels.map((label) => (
            <span key={label}>{label}</span>
          ))}
        </div>
      </div>
      {/* biome-ignore lint/a11y: the buttons inside carry role and keys; this only listens */}
      <div class="grid" data-f={only ?? undefined} onClick={onClick} {...press}>
        {shown.map((floor) => (
          <FloorRow
            key={floor.floor ?? 'other'}
            floor={floor}
            layout={layout}
            next={floor.doors.some((door) => door.household === next) ? next : null}
          />
        ))}
        {missing > 0 && <div style={{ height: `${missing * ROW_REM}rem` }} />}
      </div>
    </div>
  );
}
