import type { Signal } from '@preact/signals';
import { DISPLAYS, type Display, type States } from '../../core/types';
import { text } from '../../i18n';
import { Icon } from '../../ui/Icon';
import { STATE_ICON } from '../../ui/states';

type Props = { states: States; filter: Signal<Display | null> };

/** What the colours and glyphs mean, how many of each, and a filter at the same time. */
export function Legend({ states, filter }: Props) {
  const t = text.value;
  return (
    <section class="board" aria-label={t.building.legend}>
      {DISPLAYS.map((code) => (
        <button
          key={code}
          type="button"
          data-f={code}
          aria-pressed={filter.value === code}
          onClick={() => {
            filter.value = filter.value === code ? null : code;
          }}
        >
          <span class="hh swatch" data-s={code}>
            <Icon name={STATE_ICON[code]} />
          </span>
          <span class="x">
            <b>{states[code]}</b>
            {t.state[code]}
          </span>
        </button>
      ))}
    </section>
  );
}
