import type { ComponentChildren } from 'preact';
import { AppBar } from '../../ui/AppBar';
import { Blank } from '../../ui/Blank';
import { Button } from '../../ui/Button';
import { Facts } from '../../ui/Facts';
import { clock } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { Notice } from '../../ui/Notice';
import { back, go, query } from '../../ui/router';
import { Screen } from '../../ui/Screen';
import { ToastSlot } from '../../ui/Toast';
import { Acts } from './Acts';
import { AfterContact } from './AfterContact';
import { calledName, LevelPill, proposalOf, typeName } from './AlertCard';
import type { Unfolded } from './AttemptParts';
import { AttemptSheet } from './AttemptSheet';
import { Countdown } from './Countdown';
import type { Channel } from './codes';
import { Helpers, hasGuardian } from './Helpers';
import { MORE, PEOPLE } from './icons';
import type { Working } from './lay';
import { MoreSheet } from './MoreSheet';
import { useNow } from './now';
import { OutcomeSheet } from './OutcomeSheet';
import { Stakes } from './Stakes';
import { scriptCard } from './script';
import { nameOf, teamRowOf, workingOf } from './state';
import { TeamAlert } from './TeamAlert';
import { Timeline } from './Timeline';
import { words } from './texts';
import './alerts.css';
import './alert.css';

const MINUTE = 60_000;
const CHANNELS: readonly Channel[] = [
  'call',
  'message',
  'door',
  'workplace',
  'family',
  'bank',
  'police',
];
const UNFOLDED: readonly Unfolded[] = ['scam', 'money', 'stop', 'people'];

function Missing() {
  const t = words.value.alert;
  return (
    <Screen title={t.missing} bar={<AppBar title="" backTo="/alerts" />}>
      <Blank title={t.missing}>
        <p>{t.missingLead}</p>
        <Button kind="soft" onPress={() => go('/alerts', { replace: true })}>
          {t.toList}
        </Button>
      </Blank>
    </Screen>
  );
}

function clockWords({ row, state }: Working, now: number): string {
  const t = words.value.alert;
  if (state.in_contact_at !== null) return t.reachedAt(clock(state.in_contact_at));
  if (now < row.deadline) return t.before(clock(row.deadline));
  return t.late(Math.floor((now - row.deadline) / MINUTE));
}

/** Whom, where, and how much time there is. */
function Head({ working, now }: { working: Working; now: number }) {
  const t = words.value;
  const { row, state } = working;
  const { resident_name = '', unit = '', room = '', place = '', place_text = '' } = row;
  const age = typeof row.age === 'number' ? ` ${t.alert.age(row.age)}` : '';
  return (
    <section class="clock" data-calm={state.in_contact_at !== null ? '' : undefined}>
      <Countdown alert={{ ...row, in_contact_at: state.in_contact_at }} now={now} size="l" />
      <div class="grow">
        <h2 class="wrap">
          {resident_name || t.list.number(row.number)}
          {age}
        </h2>
        <p class="wrap">
          <b>{place || room ? t.alert.place(place, unit, room) : place_text || t.list.noPlace}</b>
        </p>
        <p class="cap">
          <Facts
            of={[
              clockWords(working, now),
              row.repeat ? t.alert.repeat : '',
              row.minor ? t.alert.minor : '',
              calledName(row),
              row.late_reason ? t.alert.lateReason(row.late_reason) : '',
            ]}
          />
        </p>
      </div>
    </section>
  );
}

/** Somebody whom the resident knows, so that the caller is believed. */
function Known({ working }: { working: Working }) {
  const t = words.value.alert;
  const { caretaker, sex } = working.row;
  if (!caretaker) return null;
  const { role, name } = caretaker;
  const knows = sex === 'f' ? t.knowsHer(name) : sex === 'm' ? t.knowsHim(name) : t.knows(name);
  return (
    <div class="spot">
      <Icon name={PEOPLE} />
      <p class="wrap">
        {t.firstKnown}
        <q>{t.known(role, name)}</q>
        {t.knowsEnd}
        {knows}
      </p>
    </div>
  );
}

function OnIt({ working }: { working: Working }) {
  const t = words.value;
  const { working: members, help } = working.state;
  if (members.length < 2 && !help) return null;
  const names = members.map((id) => nameOf(id, t.alert.me, t.alert.someone));
  return (
    <p class="cap onit">
      <Icon name={PEOPLE} size="s" /> <Facts of={[...names, help ? t.list.helpWanted : '']} />
    </p>
  );
}

type Over = 'attempt' | 'close' | 'more' | null;
type OpenAttempt = (channel: Channel, unfolded?: Unfolded) => void;

function Body({ working, now, open }: { working: Working; now: number; open: OpenAttempt }) {
  const t = words.value;
  const { row, state } = working;
  const next = proposalOf(working, now);
  const Script = scriptCard();
  return (
    <>
      <Head working={working} now={now} />
      <AfterContact working={working} onDetails={open} />
      <Acts working={working} next={next.channels} now={now} />
      <p class="next">
        <Icon name="right" size="s" />
        {next.why === 'unanswered' ? t.step.unanswered(next.unanswered) : t.step[next.why]}
      </p>
      {row.minor && !hasGuardian(working) && (
        <Notice icon="warn" tone="warn">
          <span class="spread">
            {t.alert.guardian}
            <button type="button" class="link" onClick={() => open('family', 'people')}>
              {t.alert.addGuardian}
            </button>
          </span>
        </Notice>
      )}
      <Known working={working} />
      {row.repeat && (
        <Notice icon="history" tone="warn">
          {t.alert.repeatLead}
        </Notice>
      )}
      <OnIt working={working} />
      <Timeline working={working} now={now} />
      {Script && <Script type={state.confirmed ?? state.suspected ?? row.scam_type ?? null} />}
      <Stakes working={working} onStop={() => open('police', 'stop')} />
      <Helpers working={working} onAdd={() => open('family', 'people')} />
      {row.access_note && (
        <p class="cap wrap">
          {t.alert.access}
          <i class="sep"> </i>
          {row.access_note}
        </p>
      )}
    </>
  );
}

/** What lies over the screen, from the address. */
function sheetOf(
  over: Over,
  working: Working,
  close: () => void,
  leave: () => void,
): ComponentChildren {
  const asked = query.value.get('channel') as Channel;
  const part = query.value.get('part') as Unfolded;
  const channel = CHANNELS.includes(asked) ? asked : 'call';
  if (over === 'attempt') {
    const unfolded = UNFOLDED.includes(part) ? part : null;
    return <AttemptSheet working={working} channel={channel} unfolded={unfolded} onClose={close} />;
  }
  if (over === 'close') return <OutcomeSheet working={working} onClose={close} onDone={leave} />;
  if (over === 'more') return <MoreSheet working={working} onClose={close} onGone={leave} />;
  return null;
}

function Mine({ working, over }: { working: Working; over: Over }) {
  const t = words.value;
  const now = useNow(1_000);
  const { row, state } = working;
  const base = `/alert/${row.id}`;
  const close = (): void => back(base);
  const leave = (): void => go('/alerts', { replace: true });
  const open: OpenAttempt = (channel, unfolded) =>
    go(`${base}/attempt?channel=${channel}${unfolded ? `&part=${unfolded}` : ''}`);
  const sheet = sheetOf(over, working, close, leave);
  const proposed = proposalOf(working, now).channels[0] ?? 'call';
  const closed = state.closed_at !== null;
  const title = typeName(state.confirmed ?? state.suspected ?? row.scam_type);
  return (
    <Screen
      title={title}
      memory={base}
      class="alert"
      over={sheet}
      bar={
        <AppBar title={title} backTo="/alerts">
          <LevelPill level={row.level} />
          <button
            type="button"
            class="iconbtn"
            aria-label={t.alert.more}
            onClick={() => go(`${base}/more`)}
          >
            <Icon name={MORE} />
          </button>
        </AppBar>
      }
      dock={
        <>
          {!sheet && <ToastSlot />}
          {closed ? (
            <p class="cap center">{t.alert.closedHere}</p>
          ) : (
            <div class="two-buttons">
              <Button kind="soft" size="lg" icon="pen" onPress={() => open(proposed)}>
                {t.alert.log}
              </Button>
              <Button kind="secondary" size="lg" icon="check" onPress={() => go(`${base}/close`)}>
                {t.alert.close}
              </Button>
            </div>
          )}
        </>
      }
    >
      {closed ? (
        <Timeline working={working} now={now} />
      ) : (
        <Body working={working} now={now} open={open} />
      )}
    </Screen>
  );
}

/** One alert: mine with everything, the team's without the person. */
export function Alert({ id, over }: { id: string; over?: string }) {
  const working = workingOf(id);
  if (working) return <Mine working={working} over={(over as Over) ?? null} />;
  const row = teamRowOf(id);
  return row ? <TeamAlert row={row} /> : <Missing />;
}
