import { state } from '../../core/field';
import type { Door } from '../../core/types';
import { text } from '../../i18n';
import { Icon } from '../../ui/Icon';
import { doorKey } from './key';

type Props = { door: Door; next: boolean; column: number | undefined };

function spoken(door: Door, next: boolean): string {
  const t = text.value;
  const tries = door.state.tries;
  return [
    t.building.door(door.room, t.state[door.display]),
    hasAlert(door) ? t.nav.alerts : '',
    tries > 0 && door.display === 'no_answer' ? t.building.tries(tries) : '',
    door.open > 0 || door.provisional ? t.building.heldEdge : '',
    door.unsent > 0 ? t.building.unsent : '',
    door.skipped ? t.building.doNotVisit : '',
    next ? t.building.next : '',
  ]
    .filter(Boolean)
    .join('，');
}

/** An alert that I work is about this door. */
function hasAlert({ household, building, unit, room }: Door): boolean {
  const doors = state.alertDoors.value;
  return (
    doors.size > 0 && (doors.has(household) || doors.has(`${building} ${doorKey(unit, room)}`))
  );
}

/** Short enough for any column: it needs no box that cuts it. */
const SHORT = /^[\w-]{1,5}$/;

/**
 * One door: colour and glyph, never colour alone; both come from the style sheet, because a tower
 * has hundreds of doors. It reads the catalogue's signal, so Preact draws it again only when its
 * door, its mark or the language changes.
 */
export function HouseholdCell({ door, next, column }: Props) {
  const tries = door.state.tries;
  return (
    <button
      type="button"
      class="hh"
      data-s={door.display}
      data-id={door.household}
      data-alert={hasAlert(door) ? '' : undefined}
      data-next={next ? '' : undefined}
      data-open={door.open > 0 || door.provisional ? '' : undefined}
      data-tries={door.display === 'no_answer' && tries > 0 ? tries : undefined}
      data-long={door.room.length > 5 ? '' : undefined}
      data-col={column}
      aria-label={spoken(door, next)}
    >
      {SHORT.test(door.room) ? door.room : <span>{door.room}</span>}
      {door.skipped && (
        <span class="skip">
          <Icon name="moon" />
        </span>
      )}
    </button>
  );
}
