import { useSignal } from '@preact/signals';
import { percent, stepOf } from '../../features/map/scale';
import { type Block, fraction, type Kind, rate } from './model';
import type { Setting } from './mount';

const PAGE = 50;

type Props = {
  blocks: readonly Block[];
  kind: Kind;
  setting: Setting;
  /** The one that is open, or those that were picked. */
  chosen: string | null | ReadonlySet<string>;
  onChoose: (block: Block) => void;
};

/** The same buildings as on the map, for the keyboard, for screen readers, and to look them up. */
export function List({ blocks, kind, setting, chosen, onChoose }: Props) {
  const t = setting.words.desk;
  const words = useSignal('');
  const pages = useSignal(1);
  const asked = words.value.trim().toLowerCase();
  const found = asked
    ? blocks.filter((one) => `${one.compound} ${one.name}`.toLowerCase().includes(asked))
    : blocks;
  const shown = found.slice(0, PAGE * pages.value);
  const left = found.length - shown.length;
  return (
    <section class="card deskmap-list" aria-label={t.list}>
      <input
        class="input"
        type="search"
        aria-label={t.find}
        placeholder={t.find}
        value={words.value}
        onInput={(event) => {
          words.value = event.currentTarget.value;
          pages.value = 1;
        }}
      />
      <p class="cap" role="status">
        {found.length > 0 ? t.count(found.length.toLocaleString('en-US')) : t.none}
      </p>
      <ul>
        {shown.map((block) => (
          <li key={block.id}>
            <button
              type="button"
              aria-pressed={chosen instanceof Set ? chosen.has(block.id) : block.id === chosen}
              onClick={() => onChoose(block)}
            >
              <span class="figure" data-step={stepOf(rate(block, kind), setting.targets[kind])}>
                {percent(rate(block, kind))}
              </span>
              <span class="grow">
                <b>{block.name}</b>
                <span class="cap sub">{note(block, kind, setting)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {left > 0 && (
        <button
          type="button"
          class="btn block"
          data-kind="quiet"
          onClick={() => {
            pages.value += 1;
          }}
        >
          {t.more(Math.min(PAGE, left).toLocaleString('en-US'))}
        </button>
      )}
    </section>
  );
}

function note(block: Block, kind: Kind, { words }: Setting): string {
  const { part, whole } = fraction(block, kind);
  const t = words.desk;
  const doors = whole > 0 ? t.of(String(part), String(whole)) : t.noDoors;
  return [block.compound, doors].filter(Boolean).join(' · ');
}
