import { useComputed, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { state, syncNow } from '../../core/field';
import { idle, noIdle } from '../../core/idle';
import { text } from '../../i18n';
import { AppBar } from '../../ui/AppBar';
import { Blank } from '../../ui/Blank';
import { Button } from '../../ui/Button';
import { Facts } from '../../ui/Facts';
import { dayOf, shortDay } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { Pill } from '../../ui/Pill';
import { Screen } from '../../ui/Screen';
import { ToastSlot } from '../../ui/Toast';
import { given as alerts } from '../alerts/given';
import { Tabs } from '../operations/Tabs';
import { Answers } from './Answers';
import { CardList } from './CardList';
import { type Card, cardById, cardFor, cards, isUnread, recentAlerts, updatedAt } from './cards';
import { find, ready } from './finder';
import { given } from './given';
import { NoteSheet } from './NoteSheet';
import { words } from './texts';
import './playbook.css';

/** More cards than this are no answer to a sentence. */
const MOST_FOUND = 5;
/** So many kinds are "frequent here". */
const MOST_FREQUENT = 2;

const known = (ids: readonly string[]): Card[] => ids.flatMap((id) => cardById(id) ?? []);

function Found({ typed }: { typed: string }) {
  const t = words.value.list;
  const hits = known(find(typed).map(({ id }) => id)).slice(0, MOST_FOUND);
  return (
    <>
      <div role="status">
        {hits.length > 0 ? (
          <CardList title={t.found(hits.length)} cards={hits} />
        ) : (
          <p class="cap center pbnothing">{t.nothing}</p>
        )}
      </div>
      {hits.length === 0 && <CardList title={t.all} cards={cards.value} />}
    </>
  );
}

/** What alerts of the last weeks were about. */
function Lately() {
  const t = words.value.list;
  const counts = recentAlerts(alerts.value.team, Date.now());
  const often = [...counts]
    .sort((a, b) => b[1] - a[1])
    .flatMap(([type]) => cardFor(type as Card['type']) ?? [])
    .slice(0, MOST_FREQUENT);
  return (
    <CardList
      title={t.lately}
      cards={often}
      hot
      noteOf={({ type }) => t.times(counts.get(type) ?? 0)}
    />
  );
}

function Shelves() {
  const t = words.value.list;
  const { pinned, recent } = given.value.shelf;
  const all = cards.value;
  const updated = updatedAt.value;
  const since = updated === null ? '' : t.updated(shortDay(dayOf(updated)));
  return (
    <>
      <Answers />
      <CardList title={t.news} cards={all.filter(isUnread)} hot />
      <Lately />
      <CardList title={t.pinned} cards={known(pinned)} />
      <CardList title={t.recent} cards={known(recent).filter(({ id }) => !pinned.includes(id))} />
      <CardList
        title={t.all}
        hint={<Facts of={[since, t.offline].filter(Boolean)} />}
        cards={all}
      />
    </>
  );
}

function NoCards() {
  const t = words.value.list;
  const { firstPull, online, syncing } = state.sync.value;
  if (firstPull && online && syncing)
    return <Blank tone="wait" title={text.value.common.loading} />;
  return (
    <Blank title={t.empty}>
      <p>{t.emptyLead}</p>
      <Button kind="soft" icon="refresh" onPress={() => void syncNow()}>
        {text.value.common.retry}
      </Button>
    </Blank>
  );
}

/** All tricks, found by what the scammer said first. */
export function Playbook() {
  const t = words.value.list;
  const typed = useSignal('');
  const noting = useSignal(false);
  const asked = useComputed(() => typed.value.trim());
  const rows = given.value.cards;
  useEffect(() => {
    const handle = idle(() => void ready());
    return () => noIdle(handle);
  }, [rows]);
  const close = (): void => {
    noting.value = false;
  };
  return (
    <Screen
      title={t.title}
      memory="playbook"
      class="playbook"
      bar={
        <AppBar title={t.title}>
          <Pill tone="ok" icon="phoneOk">
            {t.kept}
          </Pill>
        </AppBar>
      }
      dock={
        <>
          {!noting.value && <ToastSlot />}
          <Button
            kind="secondary"
            size="lg"
            icon="pen"
            block
            onPress={() => {
              noting.value = true;
            }}
          >
            {t.addNote}
          </Button>
        </>
      }
      over={noting.value && <NoteSheet onClose={close} />}
      tabs={<Tabs current="/playbook" />}
    >
      {cards.value.length === 0 ? (
        <NoCards />
      ) : (
        <>
          <label class="input search">
            <Icon name="search" />
            <input
              type="search"
              enterkeyhint="search"
              maxLength={200}
              aria-label={t.search}
              placeholder={t.search}
              value={typed.value}
              onInput={(event) => {
                typed.value = event.currentTarget.value;
              }}
            />
          </label>
          {asked.value ? <Found typed={asked.value} /> : <Shelves />}
        </>
      )}
    </Screen>
  );
}
