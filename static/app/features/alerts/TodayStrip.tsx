import { Facts } from '../../ui/Facts';
import { Icon } from '../../ui/Icon';
import { href } from '../../ui/router';
import { proposalOf, typeName } from './AlertCard';
import { Countdown } from './Countdown';
import type { Channel } from './codes';
import type { Working } from './lay';
import { useNow } from './now';
import { dueNow, mine } from './state';
import { words } from './texts';
import './alerts.css';

/** How many follow-ups are named. */
const FIRST = 3;

/** `电话2 短信1`. */
function triedWords({ state }: Working): string {
  const t = words.value;
  const tried = Object.entries(state.attempts) as [Channel, number][];
  return tried.map(([channel, n]) => t.strip.tried(t.way[channel], n)).join(' ');
}

function InWork({ working, more }: { working: Working; more: number }) {
  const now = useNow(5_000);
  const t = words.value;
  const { row, state } = working;
  const next = proposalOf(working, now).channels[0] ?? 'call';
  const age = typeof row.age === 'number' ? t.alert.age(row.age) : '';
  const name = row.resident_name || t.list.number(row.number);
  return (
    <a class="al-strip" href={href(more > 0 ? '/alerts' : `/alert/${row.id}`)}>
      <Countdown alert={{ ...row, in_contact_at: state.in_contact_at }} now={now} size="xs" />
      <span class="grow">
        <b>
          {[name, age, t.strip.now[next], more > 0 ? `+${more}` : ''].filter(Boolean).join(' ')}
        </b>
        <br />
        <span class="cap">
          <Facts
            of={[
              t.alert.place(row.place ?? '', row.unit ?? '', row.room ?? ''),
              triedWords(working),
            ]}
          />
        </span>
      </span>
      <Icon name="right" size="s" />
    </a>
  );
}

function Due() {
  const due = dueNow.value;
  const first = due[0];
  if (!first) return null;
  const t = words.value;
  const named = due
    .slice(0, FIRST)
    .map(({ resident_name, number }) => resident_name || t.list.number(number));
  return (
    <a
      class="al-strip"
      data-tone="follow"
      href={href(due.length === 1 ? `/follow-up/${first.id}` : '/alerts')}
    >
      <Icon name="follow" />
      <span class="grow">
        <b>{t.due.count(due.length)}</b>
        <br />
        <span class="cap">
          <Facts of={due.length === 1 ? [...named, typeName(first.scam_type)] : named} />
        </span>
      </span>
      <Icon name="right" size="s" />
    </a>
  );
}

/** On the first screen: the alert that is most urgent, and whom to ask again today. */
export function TodayStrip() {
  const [first] = mine.value;
  return (
    <>
      {first && <InWork working={first} more={mine.value.length - 1} />}
      <Due />
    </>
  );
}
