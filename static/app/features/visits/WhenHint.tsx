import { doorHistory } from '../../core/field';
import type { Door } from '../../core/types';
import { Notice } from '../../ui/Notice';
import { here } from '../recording';
import { words } from './texts';
import { partOf, whenToGo } from './when';

/** Where nobody opened: when it was tried, and which part of the week may do better. */
export function WhenHint({ door }: { door: Door }) {
  const t = words.value.when;
  const { items } = doorHistory(door.building, door.household);
  const live = items.filter(({ voided }) => !voided);
  const answered = live.findIndex(({ outcome }) => outcome !== 'no_answer');
  const tries = answered < 0 ? live : live.slice(0, answered);
  const { clock, member } = here().desk;
  const zone = member.community.timezone;
  const when = whenToGo(
    tries.map(({ moment }) => moment),
    zone,
  );
  if (!when) return null;
  const [first] = when.tried;
  const why =
    first && when.tried.length === 1
      ? t.always(first[1], t.parts[first[0]])
      : t.tried(when.tried.map(([part, n]) => t.times(t.parts[part], n)).join(t.join));
  const now = partOf(clock.now() + clock.skew, zone);
  return (
    <Notice icon="clock">
      {why}
      {now === when.go ? t.rightNow : t.better(t.parts[when.go])}
    </Notice>
  );
}
