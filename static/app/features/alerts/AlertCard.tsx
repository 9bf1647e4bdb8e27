import type { AlertRow } from '../../contract';
import { Facts } from '../../ui/Facts';
import { clock } from '../../ui/format';
import { Pill, type Tone } from '../../ui/Pill';
import { href } from '../../ui/router';
import { Countdown } from './Countdown';
import type { Level, ScamType } from './codes';
import { Ladder, rungOf, rungsOf, stepRungs } from './Ladder';
import type { Working } from './lay';
import { nextStep } from './nextStep';
import { isWithheld, nameOf } from './state';
import { words } from './texts';

const TONES: Record<Level, Tone> = {
  very_high: 'alert-solid',
  high: 'alert-solid',
  medium: 'alert',
  low: 'line',
};

export function LevelPill({ level }: { level: Level }) {
  return <Pill tone={TONES[level]}>{words.value.level[level]}</Pill>;
}

export const typeName = (type: ScamType | null | undefined): string =>
  type ? words.value.scam[type] : words.value.list.unknownType;

/** What comes next, from what was tried. */
export const proposalOf = ({ row, entries }: Working, now: number) =>
  nextStep(
    entries.flatMap(({ moment, channel, result, status }) =>
      channel && result && status !== 'held' ? [{ moment, channel, result }] : [],
    ),
    { level: row.level, received: row.received_at, deadline: row.deadline, now },
  );

/** Whom the server has called because time is up; nothing once it is settled. */
export const calledName = ({ escalated, closed_at }: AlertRow | Working['row']): string =>
  (!closed_at && escalated && words.value.list.escalated[escalated]) || '';

/** One that I work: whom, where, how far, what next. */
export function MyCard({ working, now }: { working: Working; now: number }) {
  const { row, state, entries } = working;
  const t = words.value.alert;
  const { resident_name = '', unit = '', room = '', place = '', place_text = '' } = row;
  const joined = entries.find(({ type, action }) => type === 'alert_join' && action === 'on');
  const next = proposalOf(working, now);
  const where = place || room ? t.place(place, unit, room) : place_text || words.value.list.noPlace;
  return (
    <a class="card al" href={href(`/alert/${row.id}`)}>
      <Countdown alert={{ ...row, in_contact_at: state.in_contact_at }} now={now} size="s" />
      <div class="grow">
        <div class="whom">
          <b>{resident_name || words.value.list.number(row.number)}</b>
          {typeof row.age === 'number' && <span>{t.age(row.age)}</span>}
          <LevelPill level={row.level} />
        </div>
        <p class="wrap">{where}</p>
        <p class="cap">
          <Facts
            of={[
              typeName(state.confirmed ?? state.suspected ?? row.scam_type),
              state.last ? words.value.result[state.last.result] : '',
              calledName(row),
            ]}
          />
        </p>
      </div>
      <div class="foot">
        <Ladder done={rungsOf(Object.keys(state.attempts))} next={rungOf(next.channels)} />
        <span class="cap">
          <Facts of={[t.me, words.value.list.taken(clock(joined?.moment ?? row.received_at))]} />
        </span>
      </div>
    </a>
  );
}

/** One of the team's: no person, no room. */
export function TeamCard({ row, now }: { row: AlertRow; now: number }) {
  const t = words.value.list;
  const on = row.working?.length ? row.working : (row.assigned ?? []);
  const who = on.map((member) => nameOf(member, words.value.alert.me, words.value.alert.someone));
  return (
    <a class="card al" href={href(`/alert/${row.id}`)}>
      <Countdown alert={row} now={now} size="s" />
      <div class="grow">
        <div class="whom">
          <b class="wrap">{row.place || t.noPlace}</b>
          <LevelPill level={row.level} />
        </div>
        <p>{typeName(row.scam_type)}</p>
        <p class="cap">
          <Facts
            of={[
              t.number(row.number),
              row.last ? words.value.result[row.last.result] : '',
              row.help ? t.helpWanted : '',
              calledName(row),
              row.reopened ? t.reopened : '',
              isWithheld(row) ? t.lost : '',
            ]}
          />
        </p>
      </div>
      <div class="foot">
        <Ladder {...stepRungs(row)} />
        <span class="cap">{who.length > 0 ? who.join(' ') : t.nobody}</span>
      </div>
    </a>
  );
}
