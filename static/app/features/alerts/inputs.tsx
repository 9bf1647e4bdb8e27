import type { ComponentChildren } from 'preact';
import { Chip } from '../../ui/Chip';
import { Field } from '../../ui/Field';
import { Icon } from '../../ui/Icon';
import type { IconName } from '../../ui/icons';
import { moveInGroup } from '../../ui/Segmented';
import { fenOf, wanOf, yuanOf } from './money';
import { words } from './texts';

type Line = {
  label: string;
  hint?: string | undefined;
  value: string;
  error?: string | undefined;
  onInput: (value: string) => void;
};

/** One line of text. */
export function TextLine({ label, hint, value, error, onInput, tel }: Line & { tel?: boolean }) {
  return (
    <Field label={label} hint={hint} error={error}>
      {({ id, describedBy }) => (
        <input
          id={id}
          class="input"
          {...(tel ? ({ type: 'tel' } as const) : ({ type: 'text' } as const))}
          autocomplete="off"
          aria-describedby={describedBy}
          aria-invalid={error !== undefined}
          value={value}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** Money in yuan, with what it is in ten thousands beside it. */
export function AmountLine({ label, hint, value, error, onInput }: Line) {
  const t = words.value.attempt;
  const fen = fenOf(value);
  const wan = typeof fen === 'number' ? wanOf(fen) : null;
  return (
    <Field label={label} hint={hint} error={error}>
      {({ id, describedBy }) => (
        <div class="input amount" data-wrong={error ? '' : undefined}>
          <input
            id={id}
            inputMode="decimal"
            autocomplete="off"
            aria-describedby={describedBy}
            aria-invalid={error !== undefined}
            value={value}
            onInput={(event) => onInput(event.currentTarget.value)}
            onBlur={() => {
              if (typeof fen === 'number') onInput(yuanOf(fen));
            }}
          />
          <span class="cap nowrap">
            {t.yuan}
            {wan && (
              <>
                <i class="sep"> </i>
                {t.wan(wan)}
              </>
            )}
          </span>
        </div>
      )}
    </Field>
  );
}

type NoteProps = Omit<Line, 'hint'> & { placeholder: string };

/** A sentence or two; dictation is the keyboard's own. */
export function NoteLine({ label, placeholder, value, error, onInput }: NoteProps) {
  return (
    <div class="field">
      <textarea
        class="input"
        rows={value.length > 24 ? 3 : 1}
        aria-label={label}
        aria-invalid={error !== undefined}
        aria-describedby={error ? 'alert-note-problem' : undefined}
        placeholder={placeholder}
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {error && (
        <p class="error" id="alert-note-problem" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

type ChipsProps<T extends string> = {
  label: string;
  hint?: string | undefined;
  codes: readonly T[];
  names: Record<T, string>;
  on: (code: T) => boolean;
  onPress: (code: T) => void;
};

/** A row of codes, one or several of which are chosen. */
export function Codes<T extends string>({ label, hint, codes, names, on, onPress }: ChipsProps<T>) {
  return (
    <fieldset class="field codes">
      <legend class="lbl">
        {label} {hint && <em>{hint}</em>}
      </legend>
      <div class="chips">
        {codes.map((code) => (
          <Chip key={code} on={on(code)} onPress={() => onPress(code)}>
            {names[code]}
          </Chip>
        ))}
      </div>
    </fieldset>
  );
}

type TileProps = { value: string; label: string; icon: IconName };
type TilesProps = {
  label: string;
  tiles: readonly TileProps[];
  value: string | null;
  onChoose: (value: string) => void;
};

/** The results, large enough for a thumb on the stairs; two side by side. */
export function Tiles({ label, tiles, value, onChoose }: TilesProps) {
  const chosen = tiles.some((tile) => tile.value === value);
  return (
    <div
      class="oc4"
      {...{ role: 'radiogroup' as const, 'aria-label': label, onKeyDown: moveInGroup }}
    >
      {tiles.map((tile, at) => {
        const on = tile.value === value;
        return (
          <button
            key={tile.value}
            type="button"
            class="outcome"
            {...{ role: 'radio' as const, 'aria-checked': on }}
            tabIndex={on || (!chosen && at === 0) ? 0 : -1}
            onClick={() => onChoose(tile.value)}
          >
            <Icon name={tile.icon} />
            {tile.label}
          </button>
        );
      })}
    </div>
  );
}

type SwitchProps = { on: boolean; onChange: (on: boolean) => void; children: ComponentChildren };

export function Switch({ on, onChange, children }: SwitchProps) {
  return (
    <label class="switch">
      <input
        type="checkbox"
        checked={on}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span class="grow">{children}</span>
    </label>
  );
}

type PartProps = { title: string; filled: boolean; open: boolean; children: ComponentChildren };

/** What is said more rarely: one line until it is unfolded. */
export function Part({ title, filled, open, children }: PartProps) {
  return (
    <details class="part" open={open}>
      <summary>
        <span class="grow">{title}</span>
        {filled && <span class="cap">{words.value.attempt.filled}</span>}
        <Icon name="down" size="s" />
      </summary>
      <div class="stack">{children}</div>
    </details>
  );
}
