/** Several buildings at once: a line around them, or one after the other, then to the split. */
import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { inside } from '../../features/map/inside';
import type { MapView } from '../../features/map/view';
import type { Block } from './model';
import type { Setting } from './mount';

/** As many as a split takes (`turf/plan.py`). */
const MOST = 300;

export interface Choosing {
  on: Signal<boolean>;
  picked: Signal<ReadonlySet<string>>;
  toggle(id: string): void;
}

export function useChoosing(view: MapView | null, placed: readonly Block[]): Choosing {
  const on = useSignal(false);
  const picked = useSignal<ReadonlySet<string>>(new Set());
  useEffect(() => {
    if (!on.value || !view) return undefined;
    let stop: (() => void) | null = null;
    let gone = false;
    void import('../../features/map/lasso').then(({ Lasso }) => {
      if (gone) return;
      const lasso = new Lasso(view, (ring) => {
        const within = placed.filter((one) => inside(one, ring)).map(({ id }) => id);
        picked.value = new Set([...picked.value, ...within]);
      });
      stop = () => lasso.stop();
    });
    return () => {
      gone = true;
      stop?.();
    };
  }, [on.value, view, placed]);
  useEffect(
    () => view?.mark(on.value ? picked.value : new Set()),
    [on.value, view, picked.value, placed],
  );
  return {
    on,
    picked,
    toggle(id) {
      const next = new Set(picked.value);
      if (!next.delete(id)) next.add(id);
      picked.value = next;
    },
  };
}

type Props = { choosing: Choosing; blocks: readonly Block[]; setting: Setting };

export function Choice({ choosing, blocks, setting }: Props) {
  const t = setting.words.desk;
  const { on, picked } = choosing;
  const chosen = blocks.filter(({ id }) => picked.value.has(id));
  const doors = chosen.reduce((sum, { households }) => sum + households, 0);
  const many = chosen.length > MOST;
  return (
    <section class="card sec" aria-label={t.choose}>
      <h2>{t.choose}</h2>
      <p class="cap">{t.chooseLead}</p>
      <p role="status">
        <b>{t.chosen(chosen.length.toLocaleString('en-US'), doors.toLocaleString('en-US'))}</b>
      </p>
      {many && <p class="error">{t.tooMany(MOST)}</p>}
      <form method="post" action="/turf" class="pair">
        <input type="hidden" name="csrf_token" value={setting.csrf} />
        <input type="hidden" name="split" value="1" />
        {chosen.map(({ id }) => (
          <input key={id} type="hidden" name="building" value={id} />
        ))}
        <button
          type="button"
          class="btn"
          data-kind="secondary"
          onClick={() => {
            picked.value = new Set();
            on.value = false;
          }}
        >
          {t.cancel}
        </button>
        <button
          type="submit"
          class="btn"
          data-kind="primary"
          disabled={chosen.length === 0 || many}
        >
          {t.split}
        </button>
      </form>
    </section>
  );
}
