import { useState } from 'preact/hooks';
import { state } from '../../core/field';
import type { DueItem } from '../../core/types';
import { text } from '../../i18n';
import { doorNumber } from '../../i18n/door';
import { Facts } from '../../ui/Facts';
import { daysBetween, shortDay } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { href } from '../../ui/router';

/** How many are named before the list is unfolded. */
const FIRST = 3;

function DueRow({ item }: { item: DueItem }) {
  const t = text.value;
  const late = daysBetween(item.on, state.today.value.day);
  return (
    <a class="row" href={href(`/building/${item.door.building}/door/${item.door.household}`)}>
      <span class="grow">
        <b>{doorNumber(item.buildingName, item.door.unit, item.door.room)}</b>
      </span>
      <span class="cap">{late > 0 ? t.date.overdue(late) : t.date.today}</span>
      <span class="vh">{shortDay(item.on)}</span>
      <Icon name="right" size="s" />
    </a>
  );
}

/** Doors that somebody promised to come back to by today: one line until it is unfolded. */
export function DueList() {
  const t = text.value;
  const [open, setOpen] = useState(false);
  const due = state.due.value;
  if (due.length === 0) return null;
  const numbers = due
    .slice(0, FIRST)
    .map(({ buildingName, door }) => doorNumber(buildingName, door.unit, door.room));
  return (
    <section class="due" aria-label={t.today.due}>
      <button type="button" class="strip" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span class="hh swatch" data-s="follow_up">
          <Icon name="follow" />
        </span>
        <span class="grow">
          <b>{t.today.dueCount(due.length)}</b>
          {!open && (
            <span class="cap">
              <Facts of={numbers} />
            </span>
          )}
        </span>
        <Icon name={open ? 'up' : 'down'} size="s" />
      </button>
      {open && (
        <div class="card rows">
          {due.map((item) => (
            <DueRow key={item.door.household} item={item} />
          ))}
        </div>
      )}
    </section>
  );
}
