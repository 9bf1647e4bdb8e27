import './map.css';
import { batch, useComputed, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { MapBase } from '../../contract';
import { Legend } from '../../features/map/Legend';
import type { MapView } from '../../features/map/view';
import { Card } from './Card';
import { Choice, useChoosing } from './Choice';
import { Edit, type Job } from './Edit';
import { Filters } from './Filters';
import { List } from './List';
import {
  type Block,
  blocks,
  found,
  furthestFirst,
  type Kind,
  type MapData,
  painted,
  type Wanted,
} from './model';
import type { Setting } from './mount';
import { Saved, useSaving } from './Saved';

const NOTHING: Wanted = { compound: '', grid: '', words: '', unplaced: false };

/** The map beside the list of the same buildings; whoever cannot use the one has the other. */
export function DeskMap({ setting }: { setting: Setting }) {
  const t = setting.words.desk;
  const all = useSignal<Block[] | null>(null);
  const failed = useSignal(false);
  const kind = useSignal<Kind>(setting.headline);
  const wanted = useSignal(NOTHING);
  const chosen = useSignal<string | null>(null);
  const job = useSignal<Job | null>(null);
  const view = useSignal<MapView | null>(null);
  const stage = useRef<HTMLElement>(null);
  const shown = useComputed(() => furthestFirst(found(all.value ?? [], wanted.value), kind.value));
  const block = useComputed(() => all.value?.find(({ id }) => id === chosen.value) ?? null);
  const placed = useComputed(() => shown.value.filter((one) => one.placed));
  const saving = useSaving(setting, all);
  const choosing = useChoosing(view.value, placed.value);

  const load = async (): Promise<void> => {
    failed.value = false;
    try {
      const answer = await fetch('/map/data', { headers: { Accept: 'application/json' } });
      if (!answer.ok) throw new Error(String(answer.status));
      all.value = blocks((await answer.json()) as MapData);
    } catch {
      failed.value = true;
    }
  };
  useEffect(() => void load(), []);

  useEffect(() => {
    const element = stage.current;
    if (!element) return undefined;
    let map: MapView | null = null;
    let gone = false;
    void import('../../features/map/view').then(async ({ MapView: View }) => {
      const { base, tiles } = setting.under;
      const file = base && !tiles ? await tilesOf(base) : null;
      if (gone) return;
      map = new View(element, {
        under: setting.under,
        file,
        attribution: credits(setting),
        target: setting.targets[kind.value],
        words: setting.words,
        onPick: (id) => {
          if (choosing.on.value) {
            if (id) choosing.toggle(id);
          } else if (!job.value) chosen.value = id;
        },
      });
      view.value = map;
    });
    return () => {
      gone = true;
      map?.destroy();
    };
  }, []);

  const showAll = (): void => view.value?.fit(new Set(placed.value.map(({ id }) => id)));
  useEffect(() => {
    view.value?.show(placed.value.map((one) => painted(one, kind.value)));
    view.value?.repaint(setting.targets[kind.value]);
  }, [view.value, placed.value, kind.value]);
  const filter = JSON.stringify([wanted.value.compound, wanted.value.grid]);
  useEffect(showAll, [view.value, all.value === null, filter]);
  useEffect(() => view.value?.select(chosen.value), [view.value, chosen.value, placed.value]);

  const choose = (one: Block): void => {
    if (choosing.on.value) {
      choosing.toggle(one.id);
      return;
    }
    batch(() => {
      chosen.value = one.id;
      job.value = null;
    });
    if (!one.placed) return;
    stage.current?.scrollIntoView({ block: 'nearest' });
    view.value?.panTo(one, 17);
  };
  return (
    <div class="deskmap mapcolours">
      <Filters setting={setting} all={all.value ?? []} kind={kind} wanted={wanted} />
      <div class="deskmap-stage">
        <section
          ref={stage}
          class="qmap"
          aria-label={t.region(placed.value.length.toLocaleString('en-US'))}
        />
        <div class="deskmap-legend">
          <Legend label={t[kind.value]} target={setting.targets[kind.value]} />
          <button type="button" class="btn" data-kind="secondary" onClick={showAll}>
            {t.fit}
          </button>
          <button
            type="button"
            class="btn"
            data-kind="secondary"
            aria-pressed={choosing.on.value}
            disabled={!view.value}
            onClick={() => {
              batch(() => {
                choosing.on.value = !choosing.on.value;
                chosen.value = null;
                job.value = null;
              });
            }}
          >
            {t.choose}
          </button>
        </div>
        <Saved saving={saving} words={t} />
      </div>
      <aside class="deskmap-side">
        {failed.value && (
          <div class="card sec" role="alert">
            <p>{t.broken}</p>
            <button type="button" class="btn" data-kind="soft" onClick={() => void load()}>
              {t.retry}
            </button>
          </div>
        )}
        {all.value === null && !failed.value && (
          <p class="cap" role="status">
            {t.loading}
          </p>
        )}
        {choosing.on.value && (
          <Choice choosing={choosing} blocks={all.value ?? []} setting={setting} />
        )}
        {block.value && !job.value && (
          <Card
            block={block.value}
            setting={setting}
            onClose={() => {
              chosen.value = null;
            }}
            onJob={(next) => {
              job.value = next;
            }}
            onDrop={() => void saving.send(block.value as Block, { outline: null })}
          />
        )}
        {block.value && job.value && view.value && (
          <Edit
            key={`${block.value.id} ${job.value}`}
            block={block.value}
            job={job.value}
            view={view.value}
            words={t}
            saving={saving}
            onDone={() => {
              job.value = null;
            }}
          />
        )}
        {all.value !== null && !job.value && (
          <List
            blocks={shown.value}
            kind={kind.value}
            setting={setting}
            chosen={choosing.on.value ? choosing.picked.value : chosen.value}
            onChoose={choose}
          />
        )}
      </aside>
    </div>
  );
}

const tilesOf = async (base: MapBase) => (await import('../../features/map/tiles')).fileTiles(base);

/** Whose outlines and whose base map. */
function credits({ under, attribution }: Setting): string[] {
  const { tiles, base } = under;
  const of = tiles ? [] : base ? [base.attribution] : [];
  return [...of, ...attribution];
}
