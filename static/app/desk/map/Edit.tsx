import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { readPlace, readPlaces, writePlace } from '../../features/map/coordinates';
import type { Place } from '../../features/map/crs';
import { Drawer, Mover } from '../../features/map/edit';
import type { MapView } from '../../features/map/view';
import type { Block } from './model';
import type { Setting } from './mount';
import type { Saving } from './Saved';

export type Job = 'move' | 'draw';

type Props = {
  block: Block;
  job: Job;
  view: MapView;
  words: Setting['words']['desk'];
  saving: Saving;
  onDone: () => void;
};

/** Placing, moving, drawing: with the mouse on the map, or by typing here; each shows the other. */
export function Edit(props: Props) {
  return props.job === 'move' ? <Move {...props} /> : <Draw {...props} />;
}

function Move({ block, view, words: t, saving, onDone }: Props) {
  const start = useRef(block.placed ? block : view.placeOf(view.map.getCenter())).current;
  const typed = useSignal(writePlace(start));
  const tool = useRef<Mover | null>(null);
  const problem = useSignal('');
  useEffect(() => {
    const mover = new Mover(view, start, (to) => {
      typed.value = writePlace(to);
      problem.value = '';
    });
    tool.current = mover;
    return () => mover.stop();
  }, [view]);
  const save = async (): Promise<void> => {
    const place = readPlace(typed.value);
    problem.value = place ? '' : t.unread;
    if (place && (await saving.send(block, { at: [place.lon, place.lat] }))) onDone();
  };
  return (
    <Form
      title={block.name}
      lead={t.moving}
      words={t}
      problem={problem.value || saving.problem.value}
      onSave={save}
      onCancel={onDone}
    >
      <label class="field">
        <span class="lbl">{t.point}</span>
        <input
          class="input"
          inputMode="text"
          autocomplete="off"
          maxLength={60}
          value={typed.value}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
            const place = readPlace(typed.value);
            if (place) {
              tool.current?.set(place);
              view.panTo(place);
            }
          }}
        />
      </label>
    </Form>
  );
}

function Draw({ block, view, words: t, saving, onDone }: Props) {
  const corners = useSignal<readonly Place[]>([]);
  const typed = useSignal('');
  const problem = useSignal('');
  const tool = useRef<Drawer | null>(null);
  const change = (next: readonly Place[], text = next.map(writePlace).join('\n')): void => {
    corners.value = next;
    typed.value = text;
    problem.value = '';
  };
  useEffect(() => {
    const drawer = new Drawer(view, (next) => change(next));
    tool.current = drawer;
    if (block.placed) view.panTo(block, 18);
    return () => drawer.stop();
  }, [view]);
  const back = (): void => {
    const next = corners.value.slice(0, -1);
    tool.current?.set(next);
    change(next);
  };
  const save = async (): Promise<void> => {
    const places = readPlaces(typed.value);
    if (!places) problem.value = t.unread;
    else if (places.length < 3) problem.value = t.needThree;
    else {
      const outline = places.map(({ lat, lon }): [number, number] => [lon, lat]);
      if (await saving.send(block, { outline })) onDone();
    }
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const typing = (event.target as HTMLElement).matches('textarea, input');
      const undo =
        event.key === 'Backspace' || (event.key === 'z' && (event.ctrlKey || event.metaKey));
      if (!undo || typing) return;
      event.preventDefault();
      back();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <Form
      title={block.name}
      lead={t.drawing}
      words={t}
      problem={problem.value || saving.problem.value}
      onSave={save}
      onCancel={onDone}
    >
      <p class="deskmap-links">
        <span role="status">{t.cornersCount(corners.value.length)}</span>
        <button
          type="button"
          class="btn"
          data-kind="soft"
          disabled={corners.value.length === 0}
          onClick={back}
        >
          {t.back}
        </button>
      </p>
      <label class="field">
        <span class="lbl">{t.corners}</span>
        <textarea
          class="input"
          rows={6}
          maxLength={20_000}
          value={typed.value}
          onInput={(event) => {
            const text = event.currentTarget.value;
            const places = readPlaces(text);
            change(places ?? corners.value, text);
            if (places) tool.current?.set(places);
          }}
        />
      </label>
    </Form>
  );
}

type FormProps = {
  title: string;
  lead: string;
  words: Setting['words']['desk'];
  problem: string;
  onSave: () => Promise<void>;
  onCancel: () => void;
  children: preact.ComponentChildren;
};

function Form({ title, lead, words, problem, onSave, onCancel, children }: FormProps) {
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    head.current?.focus();
    const onKey = ({ key }: KeyboardEvent): void => {
      if (key === 'Escape') onCancel();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <form
      class="card sec stack"
      onSubmit={(event) => {
        event.preventDefault();
        void onSave();
      }}
    >
      <h2 ref={head} tabIndex={-1}>
        {title}
      </h2>
      <p class="cap">{lead}</p>
      {children}
      {problem && (
        <p class="notice" data-tone="error" role="alert">
          {problem}
        </p>
      )}
      <p class="deskmap-links">
        <button type="submit" class="btn" data-kind="primary">
          {words.save}
        </button>
        <button type="button" class="btn" data-kind="secondary" onClick={onCancel}>
          {words.cancel}
        </button>
      </p>
    </form>
  );
}
