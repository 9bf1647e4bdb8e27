import { useEffect, useState } from 'preact/hooks';
import { setPreferences, state, watchPosition } from '../../core/field';
import { text } from '../../i18n';
import { Icon } from '../../ui/Icon';

/** How long to wait for a first fix before saying so. */
const PATIENCE_MS = 12_000;

export type Sort = { near: boolean; wanted: 'distance' | 'name'; hint: string; ask: () => void };

/** By distance when that is wanted and the phone knows where it is, else by name. */
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
  const near = wanted === 'distance' && known;
  let hint = near ? t.byDistance : t.byName;
  if (wanted === 'distance' && asking && !known) hint = late ? t.noLocation : t.locating;
  const ask = (): void => {
    setAsking(true);
    setLate(false);
    watchPosition();
  };
  return { near, wanted: near || asking ? wanted : 'name', hint, ask };
}

/** Nearest first or by name, by a tap on the word; the position is asked for only by that. */
export function SortSwitch({ sort }: { sort: Sort }) {
  const t = text.value.today;
  const other = sort.wanted === 'distance' ? 'name' : 'distance';
  return (
    <button
      type="button"
      class="sort cap"
      aria-label={t.sortBy(sort.hint, other === 'distance' ? t.byDistance : t.byName)}
      onClick={() => {
        if (other === 'distance') sort.ask();
        void setPreferences({ order: other });
      }}
    >
      {sort.hint}
      <Icon name="M8 9.5 12 5l4 4.5M8 14.5l4 4.5 4-4.5" size="s" />
    </button>
  );
}
