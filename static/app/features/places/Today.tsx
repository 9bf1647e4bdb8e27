import { useComputed, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { building as buildingSignal, state, syncNow } from '../../core/field';
import { idle, noIdle } from '../../core/idle';
import type { BuildingSummary } from '../../core/types';
import { text } from '../../i18n';
import { doorNumber } from '../../i18n/door';
import { AppBar } from '../../ui/AppBar';
import { Blank } from '../../ui/Blank';
import { Button } from '../../ui/Button';
import { longDay } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { Notice } from '../../ui/Notice';
import { Parts } from '../../ui/parts';
import { go } from '../../ui/router';
import { Screen } from '../../ui/Screen';
import { ToastSlot } from '../../ui/Toast';
import { InstallHint } from '../accounts/InstallHint';
import { PhoneNotices } from '../accounts/PhoneNotices';
import { UpdateBar } from '../accounts/UpdateBar';
import { SyncPill } from '../operations/SyncPill';
import { Tabs } from '../operations/Tabs';
import { BuildingRow } from './BuildingRow';
import { DueList } from './DueList';
import { alongTheWay, matching, ordered } from './order';
import { SortSwitch, useSort } from './SortSwitch';
import { TodayCard } from './TodayCard';
import { ViewSwitch } from './ViewSwitch';
import './today.css';

/** From how many buildings on a search field helps more than it takes room. */
const SEARCH_FROM = 8;

/** So many at the top of the list are likely to be opened next. */
const READY = 4;

/** Reads the doors of a few buildings while nothing else is to be done, one after the other. */
function useReady(ids: readonly string[]): void {
  const all = ids.join(' ');
  useEffect(() => {
    const left = all.split(' ').filter(Boolean);
    const read = (): void => {
      const id = left.shift();
      if (!id || !state.buildings.value.some((one) => one.id === id)) return;
      buildingSignal(id);
      handle = idle(read);
    };
    let handle = idle(read);
    return () => noIdle(handle);
  }, [all]);
}

function NoBuildings() {
  const t = text.value.today;
  const { firstPull, online, syncing } = state.sync.value;
  if (firstPull && online && syncing) return <Blank tone="wait" title={t.loadingFirst} />;
  return (
    <Blank title={t.empty}>
      <p>{online ? t.emptyLead : text.value.sync.offline}</p>
      <Button kind="soft" icon="refresh" onPress={() => void syncNow()}>
        {t.emptyAction}
      </Button>
    </Blank>
  );
}

function BuildingList({ buildings }: { buildings: readonly BuildingSummary[] }) {
  const t = text.value.today;
  const words = useSignal('');
  const sort = useSort();
  const shown = useComputed(() => {
    const found = matching(state.buildings.value, words.value);
    if (sort.by === 'route') return alongTheWay(found, state.position.value);
    return ordered(found, sort.by === 'distance');
  });
  useReady(shown.value.slice(0, READY).map(({ id }) => id));
  return (
    <>
      <div class="section">
        <h2>{t.buildings}</h2>
        <SortSwitch sort={sort} />
        <ViewSwitch current="list" />
      </div>
      {buildings.every((one) => one.practice) && (
        <div class="only-practice">
          <Notice icon="home">{t.onlyPractice}</Notice>
        </div>
      )}
      {buildings.length >= SEARCH_FROM && (
        <label class="input search">
          <Icon name="search" />
          <input
            type="search"
            enterkeyhint="search"
            aria-label={t.search}
            placeholder={t.searchPlaceholder}
            value={words.value}
            onInput={(event) => {
              words.value = event.currentTarget.value;
            }}
          />
        </label>
      )}
      {shown.value.length > 0 ? (
        <section
          class="card buildings"
          data-route={sort.by === 'route' ? '' : undefined}
          aria-label={t.buildings}
        >
          {shown.value.map((building) => (
            <BuildingRow key={building.id} building={building} />
          ))}
        </section>
      ) : (
        <p class="cap center">{t.noMatch}</p>
      )}
    </>
  );
}

function GoOn() {
  const t = text.value.today;
  const door = state.goOn.value;
  const building = state.buildings.value.find((one) => one.id === door?.building);
  if (!door || !building) return null;
  return (
    <Button
      kind="primary"
      size="lg"
      icon="door"
      block
      onPress={() => {
        // The building lies under the sheet, so that "back" leads there first.
        go(`/building/${door.building}?unit=${encodeURIComponent(door.unit)}`);
        go(`/building/${door.building}/door/${door.household}`);
      }}
    >
      {t.next(doorNumber(building.name, door.unit, door.room))}
    </Button>
  );
}

/** The first screen: what was done today, what comes next, my buildings. */
export function Today() {
  const t = text.value;
  const buildings = state.buildings.value;
  const today = state.today.value;
  const community = state.community.value;
  return (
    <Screen
      title={t.today.title}
      memory="today"
      class="today"
      bar={
        <AppBar
          title={t.today.title}
          caption={
            <>
              {today.day && longDay(today.day)}
              {community && (
                <span class="nl">
                  <i class="sep"> </i>
                  {community.name}
                </span>
              )}
            </>
          }
        >
          <SyncPill />
        </AppBar>
      }
      dock={
        buildings.length > 0 && (
          <>
            <ToastSlot />
            <UpdateBar />
            <GoOn />
          </>
        )
      }
      tabs={<Tabs current="/" />}
    >
      <PhoneNotices />
      <Parts of="today" />
      {buildings.length === 0 ? (
        <NoBuildings />
      ) : (
        <>
          <DueList />
          <TodayCard />
          <InstallHint />
          <BuildingList buildings={buildings} />
        </>
      )}
    </Screen>
  );
}
