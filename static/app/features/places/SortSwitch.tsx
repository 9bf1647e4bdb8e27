import { useEffect, useState } from 'preact/hooks';
import { setPreferences, state, watchPosition } from '../../core/field';
import type { Preferences } from '../../core/types';
import { text } from '../../i18n';
import { Icon } from '../../ui/Icon';

/** How long to wait for a first fix before saying so. */
const PATIENCE_MS = 12_000;

type Order = Preferences['order'];

export type Sort = { by: Order; wanted: Order; hint: string; ask: () => void };

const NEXT: Record<Order, Order> = { distance: 'route', route: 'name', name: 'distance' };

/** By distance when the phone knows where it is; along a way also when it does not; else by name. */
export function useSort(): Sort {
  const t = text.value.today;
  const wanted = state.preferences.value.order;
  const known = state.position.value !== null;
  const [asking, setAsking] = useState(false);
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!asking || known) return undefined;
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [asking, known]);
  const by = wanted === 'distance' && !known ? 'name' : wanted;
  let hint = hintOf(by);
  if (wanted === 'distance' && asking && !known) hint = late ? t.noLocation : t.locating;
  const ask = (): void => {
    setAsking(true);
    setLate(false);
    watchPosition();
  };
  return { by, wanted: asking ? wanted : by, hint, ask };
}

function hintOf(by: Order): string {
  const t = text.value.today;
  return { distance: t.byDistance, route: t.byRoute, name: t.byName }[by];
}

/** Nearest first, along a way, or by name, by a tap on the word; only that asks for the position. */
export function SortSwitch({ sort }: { sort: Sort }) {
  const t = text.value.today;
  const other = NEXT[sort.wanted];
  return (
    <button
      type="button"
      class="sort cap"
      aria-label={t.sortBy(sort.hint, hintOf(other))}
      onClick={() => {
        if (other !== 'name') sort.ask();
        void setPreferences({ order: other });
      }}
    >
      {sort.hint}
      <Icon name="M8 9.5 12 5l4 4.5M8 14.5l4 4.5 4-4.5" size="s" />
    </button>
  );
}
