import type { Door } from '../../core/types';
import { text } from '../../i18n';
import { Icon } from '../../ui/Icon';
import { STATE_ICON } from '../../ui/states';

type Props = { door: Door; next: boolean; column: number | undefined };

function spoken(door: Door, next: boolean): string {
  const t = text.value;
  const tries = door.state.tries;
  return [
    t.building.door(door.room, t.state[door.display]),
    tries > 0 && door.display === 'no_answer' ? t.building.tries(tries) : '',
    door.open > 0 || door.provisional ? t.building.heldEdge : '',
    door.unsent > 0 ? t.building.unsent : '',
    door.skipped ? t.building.doNotVisit : '',
    next ? t.building.next : '',
  ]
    .filter(Boolean)
    .join('，');
}

/**
 * One door: colour and glyph, never colour alone. It reads the catalogue's signal, so Preact
 * draws it again only when its door, its mark or the language changes.
 */
export function HouseholdCell({ door, next, column }: Props) {
  const tries = door.state.tries;
  return (
    <button
      type="button"
      class="hh"
      data-s={door.display}
      data-id={door.household}
      data-next={next ? '' : undefined}
      data-open={door.open > 0 || door.provisional ? '' : undefined}
      data-long={door.room.length > 5 ? '' : undefined}
      data-col={column}
      aria-label={spoken(door, next)}
    >
      <Icon name={STATE_ICON[door.display]} />
      <span>{door.room}</span>
      {door.display === 'no_answer' && tries > 0 && <span class="tries">{tries}</span>}
      {door.skipped && (
        <span class="skip">
          <Icon name="moon" />
        </span>
      )}
    </button>
  );
}
