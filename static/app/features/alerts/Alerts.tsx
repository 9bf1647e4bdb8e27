import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { AlertRow } from '../../contract';
import { day, state, syncNow } from '../../core/field';
import { text } from '../../i18n';
import { AppBar } from '../../ui/AppBar';
import { Blank } from '../../ui/Blank';
import { Button } from '../../ui/Button';
import { Facts } from '../../ui/Facts';
import { when } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { href } from '../../ui/router';
import { Screen } from '../../ui/Screen';
import { Segmented } from '../../ui/Segmented';
import { ToastSlot } from '../../ui/Toast';
import { SyncPill } from '../operations/SyncPill';
import { Tabs } from '../operations/Tabs';
import { MyCard, TeamCard, typeName } from './AlertCard';
import { DueRow } from './DueRow';
import type { Working } from './lay';
import { useNow } from './now';
import { closed, closing, dues, mine, team } from './state';
import { words } from './texts';
import './alerts.css';

type Tab = 'open' | 'mine' | 'closed';
/** Stays while one looks at an alert and comes back. */
const tab = signal<Tab>('open');

/** So many at once: nobody reads a thousand, and drawing them would take a second. */
const MANY = 50;

/** A long list, unfolded piece by piece. */
function Pieces<T>({ of, row }: { of: readonly T[]; row: (one: T) => ComponentChildren }) {
  const [most, setMost] = useState(MANY);
  const left = of.length - most;
  return (
    <>
      {of.slice(0, most).map(row)}
      {left > 0 && (
        <Button kind="soft" block onPress={() => setMost(most + MANY)}>
          {words.value.list.more(Math.min(MANY, left))}
        </Button>
      )}
    </>
  );
}

function Empty({ title, lead }: { title: string; lead?: string }) {
  const { firstPull, online, syncing } = state.sync.value;
  if (firstPull && online && syncing)
    return <Blank tone="wait" title={text.value.common.loading} />;
  return (
    <Blank title={title}>
      {lead && <p>{lead}</p>}
      {!online && <p>{text.value.sync.offline}</p>}
      {online && (
        <Button kind="soft" icon="refresh" onPress={() => void syncNow()}>
          {words.value.list.refresh}
        </Button>
      )}
    </Blank>
  );
}

function MyCards({ of, now }: { of: readonly Working[]; now: number }) {
  return <Pieces of={of} row={(one) => <MyCard key={one.row.id} working={one} now={now} />} />;
}

function Open({ now }: { now: number }) {
  const t = words.value.list;
  if (mine.value.length + team.value.length === 0) {
    return <Empty title={t.empty} lead={t.emptyLead} />;
  }
  return (
    <>
      <MyCards of={mine.value} now={now} />
      {team.value.length > 0 && (
        <>
          <div class="section">
            <h2>{t.team}</h2>
            <span class="cap">{t.byUrgency}</span>
          </div>
          <Pieces of={team.value} row={(row) => <TeamCard key={row.id} row={row} now={now} />} />
        </>
      )}
    </>
  );
}

function Mine({ now }: { now: number }) {
  const t = words.value.list;
  if (mine.value.length + dues.value.length === 0) {
    return <Empty title={t.emptyMine} lead={t.emptyMineLead} />;
  }
  return (
    <>
      <MyCards of={mine.value} now={now} />
      {dues.value.length > 0 && (
        <>
          <div class="section">
            <h2>{t.due}</h2>
          </div>
          <section class="card rows" aria-label={t.due}>
            <Pieces of={dues.value} row={(due) => <DueRow key={due.id} due={due} />} />
          </section>
        </>
      )}
    </>
  );
}

type ClosedProps = { id: string; number: number; facts: string[]; at: number | null };

function ClosedLine({ id, number, facts, at }: ClosedProps) {
  return (
    <a class="row" href={href(`/alert/${id}`)}>
      <span class="grow">
        <b>{words.value.list.number(number)}</b>
        <br />
        <span class="cap">
          <Facts of={facts} />
        </span>
      </span>
      <span class="cap nowrap">{at ? when(at, day()) : ''}</span>
      <Icon name="right" size="s" />
    </a>
  );
}

const closedFacts = (row: AlertRow): string[] => [
  row.outcome ? words.value.outcome[row.outcome] : '',
  row.place ?? '',
  typeName(row.scam_type),
  row.look_again ? words.value.list.lookAgain : '',
];

function Closed() {
  const t = words.value;
  const here = closing.value;
  if (here.length + closed.value.length === 0) return <Empty title={t.list.emptyClosed} />;
  return (
    <section class="card rows" aria-label={t.list.closed}>
      {here.map(({ row, state: { outcome, closed_at } }) => (
        <ClosedLine
          key={row.id}
          id={row.id}
          number={row.number}
          at={closed_at}
          facts={[outcome ? t.outcome[outcome] : '', row.place ?? '', t.alert.unsent]}
        />
      ))}
      <Pieces
        of={closed.value}
        row={(row) => (
          <ClosedLine
            key={row.id}
            id={row.id}
            number={row.number}
            at={row.closed_at ?? null}
            facts={closedFacts(row)}
          />
        )}
      />
    </section>
  );
}

const counted = (label: string, n: number): string => (n > 0 ? `${label} ${n}` : label);

/** The team's alerts: mine with the person, the others without, the most urgent first. */
export function Alerts() {
  const t = words.value.list;
  const now = useNow(5_000);
  return (
    <Screen
      title={t.title}
      memory={`alerts ${tab.value}`}
      class="alerts"
      bar={
        <AppBar title={t.title}>
          <SyncPill />
        </AppBar>
      }
      dock={<ToastSlot />}
      tabs={<Tabs current="/alerts" />}
    >
      <Segmented<Tab>
        tabs
        label={t.filter}
        value={tab.value}
        options={[
          { value: 'open', label: counted(t.open, mine.value.length + team.value.length) },
          { value: 'mine', label: counted(t.mine, mine.value.length) },
          { value: 'closed', label: t.closed },
        ]}
        onChange={(value) => {
          if (value) tab.value = value;
        }}
      />
      <div class="al-list">
        {tab.value === 'open' && <Open now={now} />}
        {tab.value === 'mine' && <Mine now={now} />}
        {tab.value === 'closed' && <Closed />}
      </div>
    </Screen>
  );
}
