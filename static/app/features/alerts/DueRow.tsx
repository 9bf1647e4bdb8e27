import type { MyFollowUpRow } from '../../contract';
import { state } from '../../core/field';
import { text } from '../../i18n';
import { Facts } from '../../ui/Facts';
import { daysBetween, shortDay } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { href } from '../../ui/router';
import { typeName } from './AlertCard';
import { words } from './texts';

/** Today, so many days late, or the day. */
export function dueWords(on: string, today: string): string {
  const late = daysBetween(on, today);
  if (late > 0) return text.value.date.overdue(late);
  return late === 0 ? text.value.date.today : shortDay(on);
}

/** A day on which to ask again; the person stands there once it has come. */
export function DueRow({ due }: { due: MyFollowUpRow }) {
  const t = words.value;
  const { resident_name = '', place = '', unit = '', room = '' } = due;
  return (
    <a class="row" href={href(`/follow-up/${due.id}`)}>
      <span class="hh swatch" data-s="follow_up">
        <Icon name="follow" />
      </span>
      <span class="grow">
        <b>{resident_name || t.list.number(due.number)}</b>
        <br />
        <span class="cap">
          <Facts
            of={[
              place ? t.alert.place(place, unit, room) : '',
              typeName(due.scam_type),
              t.due.step(due.step),
            ]}
          />
        </span>
      </span>
      <span class="cap nowrap">{dueWords(due.due_on, state.today.value.day)}</span>
      <Icon name="right" size="s" />
    </a>
  );
}
