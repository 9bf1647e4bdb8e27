import { useState } from 'preact/hooks';
import { state } from '../../core/field';
import type { DueItem } from '../../core/types';
import { text } from '../../i18n';
import { doorNumber } from '../../i18n/door';
import { daysBetween, shortDay } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { href } from '../../ui/router';

/** How many are shown before the list is unfolded. */
const FIRST = 3;

function DueRow({ item }: { item: DueItem }) {
  const t = text.value;
  const late = daysBetween(item.on, state.today.value.day);
  return (
    <a class="row" href={href(`/building/${item.door.building}/door/${item.door.household}`)}>
      <span class="hh swatch" data-s="follow_up">
        <Icon name="follow" />
      </span>
      <span class="grow">
        <b>{doorNumber(item.buildingName, item.door.unit, item.door.room)}</b>
      </span>
      <span class="cap">{late > 0 ? t.date.overdue(late) : t.date.today}</span>
      <span class="vh">{shortDay(item.on)}</span>
      <Icon name="right" size="s" />
    </a>
  );
}

/** Doors that somebody promised to come back to by today. */
export function DueList() {
  const t = text.value;
  const [open, setOpen] = useState(false);
  const due = state.due.value;
  if (due.length === 0) return null;
  const shown = open ? due : due.slice(0, FIRST);
  return (
    <>
      <div class="section">
        <h2>
          {t.today.due} <span class="count">{due.length}</span>
        </h2>
        {due.length > FIRST && (
          <button
            type="button"
            class="link"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            {open ? t.common.less : t.common.more}
          </button>
        )}
      </div>
      <section class="card rows" aria-label={t.today.due}>
        {shown.map((item) => (
          <DueRow key={item.door.household} item={item} />
        ))}
      </section>
    </>
  );
}
