import type { Signal } from '@preact/signals';
import { type Block, type Kind, labelsOf, type Wanted } from './model';
import type { Setting } from './mount';

const KINDS: readonly Kind[] = ['publicity', 'app', 'knocked'];

type Props = {
  setting: Setting;
  all: readonly Block[];
  kind: Signal<Kind>;
  wanted: Signal<Wanted>;
};

/** Which rate, which part of the community. */
export function Filters({ setting, all, kind, wanted }: Props) {
  const t = setting.words.desk;
  const change = (part: Partial<Wanted>): void => {
    wanted.value = { ...wanted.value, ...part };
  };
  const unplaced = all.filter(({ placed }) => !placed).length;
  return (
    <form class="filters" aria-label={t.filter} onSubmit={(event) => event.preventDefault()}>
      <div class="seg by" {...{ role: 'radiogroup' as const, 'aria-label': t.rates }}>
        {KINDS.map((one) => (
          <label key={one}>
            <input
              type="radio"
              name="kind"
              checked={kind.value === one}
              onChange={() => {
                kind.value = one;
              }}
            />
            <span>{t[one]}</span>
          </label>
        ))}
      </div>
      <Pick
        label={t.compound}
        every={t.allCompounds}
        options={labelsOf(all, 'compound')}
        value={wanted.value.compound}
        onPick={(compound) => change({ compound })}
      />
      <Pick
        label={t.grid}
        every={t.allGrids}
        options={labelsOf(all, 'grid')}
        value={wanted.value.grid}
        onPick={(grid) => change({ grid })}
      />
      {unplaced > 0 && (
        <label class="chip">
          <input
            type="checkbox"
            checked={wanted.value.unplaced}
            onChange={(event) => change({ unplaced: event.currentTarget.checked })}
          />
          <span>{t.unplaced(unplaced.toLocaleString('en-US'))}</span>
        </label>
      )}
    </form>
  );
}

type PickProps = {
  label: string;
  every: string;
  options: readonly string[];
  value: string;
  onPick: (value: string) => void;
};

function Pick({ label, every, options, value, onPick }: PickProps) {
  if (options.length < 2) return null;
  return (
    <label class="pick">
      <span class="vh">{label}</span>
      <select class="input" value={value} onChange={(event) => onPick(event.currentTarget.value)}>
        <option value="">{every}</option>
        {options.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
    </label>
  );
}
