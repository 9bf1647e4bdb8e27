import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { MapAnswer } from '../../contract';
import { state, watchPosition } from '../../core/field';
import { Blank } from '../../ui/Blank';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { go } from '../../ui/router';
import { Screen } from '../../ui/Screen';
import { SyncPill } from '../operations/SyncPill';
import { Tabs } from '../operations/Tabs';
import { ViewSwitch } from '../places/ViewSwitch';
import { fetchArea, keptArea } from './area';
import { BuildingCard } from './BuildingCard';
import { Legend } from './Legend';
import { OfflineSheet } from './OfflineSheet';
import { keptFirst } from './offline';
import { headline, type OnMap, onMap, shapesOf } from './onMap';
import type { MapView } from './view';
import { words } from './words';

/** Roof of what lies over the map, in pixels. */
const TOP = 72;

/** My buildings and those around them, by coverage, with where I am. */
export function MapScreen() {
  const t = words.value.phone;
  const area = useSignal<MapAnswer | null>(null);
  const asked = useSignal(false);
  const view = useSignal<MapView | null>(null);
  const chosen = useSignal<string | null>(null);
  const offline = useSignal(false);
  const stage = useRef<HTMLElement>(null);
  const low = useRef<HTMLDivElement>(null);
  const shapes = useComputed(() => shapesOf(area.value));
  const all = useComputed<OnMap[]>(() => onMap(shapes.value, state.buildings.value));
  const card = useComputed(() => {
    const id = chosen.value ?? state.goOn.value?.building;
    return all.value.find((one) => one.id === id) ?? null;
  });

  useEffect(() => {
    void load();
    async function load(): Promise<void> {
      area.value = await keptArea().catch(() => null);
      asked.value = true;
      const news = await fetchArea(area.value).catch(() => null);
      if (news) area.value = news;
    }
  }, []);

  // What lies under the buildings decides what the map is made of: another one is another map.
  const under = JSON.stringify([area.value?.tiles, area.value?.base, area.value?.attribution]);
  useEffect(() => {
    const element = stage.current;
    if (!element || !asked.value) return undefined;
    let map: MapView | null = null;
    let gone = false;
    void open();
    async function open(): Promise<void> {
      const { MapView: View } = await import('./view');
      const file = await fileOf(area.value);
      if (gone || !element) return;
      map = new View(element, {
        under: area.value ?? {},
        file,
        attribution: credits(area.value),
        target: headline().target,
        words: words.value,
        credits: 'topleft',
        onPick: (id) => {
          chosen.value = id;
        },
      });
      view.value = map;
    }
    return () => {
      gone = true;
      map?.destroy();
      view.value = null;
    };
  }, [asked.value, under]);

  const showAll = (): void => {
    const mine = all.value.filter((one) => one.mine);
    const ids = (mine.length > 0 ? mine : all.value).map(({ id }) => id);
    view.value?.fit(new Set(ids), { top: TOP, bottom: low.current?.offsetHeight ?? 0 });
  };
  const count = all.value.length;
  useEffect(() => view.value?.show(all.value), [view.value, all.value]);
  useEffect(showAll, [view.value, count]);
  useEffect(() => view.value?.repaint(headline().target), [view.value, headline().target]);
  useEffect(() => view.value?.select(card.value?.id ?? null), [view.value, card.value, all.value]);
  useEffect(() => view.value?.locate(state.position.value), [view.value, state.position.value]);

  const toMe = (): void => {
    watchPosition();
    const me = state.position.value;
    if (me) view.value?.panTo(me, 17);
    else showAll();
  };
  const empty = asked.value && count === 0;
  return (
    <Screen
      title={t.title}
      class="mapscreen mapcolours"
      bar={
        <header class="appbar">
          <h1 class="vh">{t.title}</h1>
          <div class="grow">
            <ViewSwitch current="map" />
          </div>
          <SyncPill />
        </header>
      }
      tabs={<Tabs current="/" />}
      over={
        offline.value && area.value?.base ? (
          <OfflineSheet
            base={area.value.base}
            places={all.value}
            onClose={() => {
              offline.value = false;
            }}
          />
        ) : null
      }
    >
      <section ref={stage} class="qmap" aria-label={t.region(count)} />
      {empty ? (
        <div class="map-empty">
          <Blank title={t.none}>
            <p>{t.noneLead}</p>
            <Button kind="soft" icon="list" onPress={() => go('/')}>
              {t.toList}
            </Button>
          </Blank>
        </div>
      ) : (
        <div ref={low} class="map-low">
          <div class="map-row">
            <Legend label={words.value.coverage} target={headline().target} />
            <span class="grow" />
            {area.value?.base && (
              <button
                type="button"
                class="iconbtn fab"
                aria-label={t.offline}
                onClick={() => {
                  offline.value = true;
                }}
              >
                <Icon name="download" />
              </button>
            )}
            <button type="button" class="iconbtn fab" aria-label={t.here} onClick={toMe}>
              <Icon name="locate" />
            </button>
          </div>
          <BuildingCard of={card.value} />
        </div>
      )}
    </Screen>
  );
}

async function fileOf(area: MapAnswer | null) {
  if (!area?.base || area.tiles) return null;
  const { fileTiles, reader } = await import('./tiles');
  return fileTiles(area.base, keptFirst(area.base, reader(area.base)));
}

function credits(area: MapAnswer | null): string[] {
  return area?.attribution ?? [];
}
