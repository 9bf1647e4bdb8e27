import { useComputed, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { building as buildingSignal, nextDoor, state } from '../../core/field';
import type { BuildingSummary, BuildingView, Display, DoorRef, Unit } from '../../core/types';
import { text } from '../../i18n';
import { AppBar } from '../../ui/AppBar';
import { Blank } from '../../ui/Blank';
import { Button } from '../../ui/Button';
import { Facts } from '../../ui/Facts';
import { Icon } from '../../ui/Icon';
import { lazy } from '../../ui/lazy';
import { back, go, query } from '../../ui/router';
import { Screen } from '../../ui/Screen';
import { ToastSlot } from '../../ui/Toast';
import { SyncPill } from '../operations/SyncPill';
import { LogSheet } from '../visits/LogSheet';
import { doorsPerFloor } from './columns';
import { Grid } from './Grid';
import { Head } from './Head';
import { Legend } from './Legend';
import { UnitTabs } from './UnitTabs';
import './building.css';

const AddDoor = lazy(async () => (await import('./AddDoor')).AddDoor, 'sheet');
const BuildingInfo = lazy(async () => (await import('./BuildingInfo')).BuildingInfo, 'sheet');
const FloorSheet = lazy(async () => (await import('./FloorSheet')).FloorSheet, 'sheet');

export type Over = { door: string } | 'add' | 'info' | null;

type Props = { id: string; over: Over };

type ShapeProps = { building: BuildingSummary; units: readonly Unit[] };

function Shape({ building, units }: ShapeProps) {
  const t = text.value.building;
  const { compound, floors } = building;
  const usual = useMemo(() => doorsPerFloor(units), [units]);
  const size = [floors ? t.shape(floors) : '', usual ? t.perFloor(usual) : ''];
  return <Facts of={[compound, size.filter(Boolean).join(' ')]} />;
}

/** The stairwell to show: that of the open door, of the address, of the next door, or mine. */
function chosenUnit(view: BuildingView, over: Over): Unit | undefined {
  const door = over && typeof over === 'object' ? view.doors.get(over.door) : undefined;
  const wanted = [door?.unit, query.value.get('unit') ?? undefined, view.building.next?.unit];
  for (const name of wanted) {
    const unit = view.units.find((one) => one.unit === name);
    if (unit) return unit;
  }
  return view.units.find((unit) => unit.mine) ?? view.units[0];
}

// The next door of the stairwell on screen; when that is done, of the whole building.
function nextIn(view: BuildingView, unit: Unit | undefined): DoorRef | null {
  const { id, next } = view.building;
  if (!unit || next?.unit === unit.unit) return next;
  return nextDoor(id, null, unit.unit) ?? next;
}

function Missing({ loading }: { loading: boolean }) {
  const t = text.value;
  return (
    <Screen
      title={t.common.loading}
      bar={
        <AppBar title="" backTo="/">
          <SyncPill />
        </AppBar>
      }
    >
      {loading ? (
        <Blank tone="wait" title={t.common.loading} />
      ) : (
        <Blank title={t.building.missing}>
          <p>{t.building.missingLead}</p>
          <Button kind="soft" onPress={() => go('/', { replace: true })}>
            {t.today.noNext}
          </Button>
        </Blank>
      )}
    </Screen>
  );
}

function Tools({ id }: { id: string }) {
  const t = text.value.building;
  return (
    <div class="tools">
      <button
        type="button"
        class="iconbtn"
        aria-label={t.info}
        onClick={() => go(`/building/${id}/info`)}
      >
        <Icon name="pin" />
      </button>
      <button
        type="button"
        class="iconbtn"
        aria-label={t.addDoor}
        onClick={() => go(`/building/${id}/add`)}
      >
        <Icon name="plus" />
      </button>
    </div>
  );
}

const NO_UNITS: readonly Unit[] = [];

const knownBuilding = (id: string): BuildingSummary | undefined =>
  state.buildings.value.find((one) => one.id === id);

type FloorChoice = { unit: string; floor: number | null };

/** After the sheet closes, the door last worked on is in sight. */
function useKeepInSight(over: Over): void {
  const door = over && typeof over === 'object' ? over.door : null;
  const before = useRef<string | null>(null);
  useLayoutEffect(() => {
    const left = before.current;
    before.current = door;
    // From door to door the sheet covers the grid: looking for a place there would cost a layout.
    if (door || !left) return;
    requestAnimationFrame(() => {
      const cell = document.querySelector(`.hh[data-id="${CSS.escape(left)}"]`);
      cell?.scrollIntoView({ block: 'nearest' });
    });
  }, [door]);
}

type Address = { id: string; over?: string; door?: string };

/** A building, with what the address lays over it. */
export function BuildingScreen({ id, over, door }: Address) {
  const lies = over === 'add' || over === 'info' ? over : null;
  return <Building key={id} id={id} over={over === 'door' && door ? { door } : lies} />;
}

/** One building: how far it is, its stairwells, every door, and the next one to knock at. */
export function Building({ id, over }: Props) {
  const view = buildingSignal(id).value;
  const filter = useSignal<Display | null>(null);
  const floor = useSignal<FloorChoice | null>(null);
  const large = useComputed(() => state.preferences.value.largeText);
  useKeepInSight(over);
  const unit = view ? chosenUnit(view, over) : undefined;
  useEffect(() => {
    filter.value = null;
  }, [unit?.unit, filter]);
  // The head is known before the doors are read.
  const building = view === undefined ? knownBuilding(id) : view?.building;
  if (!building) return <Missing loading={view === undefined} />;

  const t = text.value;
  const next = view ? nextIn(view, unit) : null;
  const base = `/building/${id}`;
  const close = (): void => back(`${base}?unit=${encodeURIComponent(unit?.unit ?? '')}`);
  const open = (household: string): void => go(`${base}/door/${household}`);

  let sheet: ComponentChildren = null;
  if (!view) sheet = null;
  else if (over === 'add') sheet = <AddDoor view={view} unit={unit?.unit ?? ''} onClose={close} />;
  else if (over === 'info') sheet = <BuildingInfo building={building} onClose={close} />;
  else if (over) sheet = <LogSheet view={view} household={over.door} onClose={close} />;
  else if (floor.value) {
    const shut = (): void => {
      floor.value = null;
    };
    sheet = <FloorSheet view={view} {...floor.value} onClose={shut} />;
  }

  return (
    <Screen
      title={building.name}
      class="building"
      memory={view ? `building ${id} ${unit?.unit}` : undefined}
      over={sheet}
      bar={
        <AppBar
          title={building.name}
          caption={<Shape building={building} units={view?.units ?? NO_UNITS} />}
          backTo="/"
        >
          <SyncPill />
        </AppBar>
      }
      dock={
        view && (
          <>
            {!sheet && <ToastSlot />}
            {unit && next?.unit !== unit.unit && <p class="cap center">{t.building.allDone}</p>}
            {next ? (
              <Button
                kind="primary"
                size="lg"
                icon="pen"
                block
                onPress={() => open(next.household)}
              >
                {t.building.log(
                  next.unit === unit?.unit
                    ? next.room
                    : `${t.building.unit(next.unit)} ${next.room}`,
                )}
              </Button>
            ) : (
              <Button kind="soft" size="lg" icon="plus" block onPress={() => go(`${base}/add`)}>
                {t.building.addDoor}
              </Button>
            )}
          </>
        )
      }
    >
      <Head building={building}>
        <Tools id={id} />
      </Head>
      {view && (
        <UnitTabs
          units={view.units}
          value={unit?.unit ?? ''}
          onChange={(name) => go(`${base}?unit=${encodeURIComponent(name)}`, { replace: true })}
        />
      )}
      {unit ? (
        <>
          <Legend states={unit.states} filter={filter} />
          <Grid
            key={unit.unit}
            unit={unit}
            next={next?.household ?? null}
            only={filter.value}
            most={large.value ? 4 : 6}
            onDoor={open}
            onFloor={(at) => {
              floor.value = { unit: unit.unit, floor: at };
            }}
          />
        </>
      ) : (
        view && (
          <Blank title={t.building.empty}>
            <p>{t.building.emptyLead}</p>
          </Blank>
        )
      )}
    </Screen>
  );
}
