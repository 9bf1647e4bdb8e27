import { words } from './texts';

export const CODE_LENGTH = 8;

type Props = { value: string; invalid: boolean; onChange: (code: string) => void };

/** Eight doors for eight characters; one real input lies over them, so pasting works. */
export function CodeBoxes({ value, invalid, onChange }: Props) {
  const t = words.value.join;
  return (
    <div class="boxes">
      {Array.from({ length: CODE_LENGTH }, (_, at) => (
        <span key={at} data-at={at === value.length ? '' : undefined} aria-hidden="true">
          {value[at]}
        </span>
      ))}
      <input
        aria-label={t.code}
        aria-invalid={invalid}
        autocomplete="one-time-code"
        autocapitalize="characters"
        autocorrect="off"
        spellcheck={false}
        value={value}
        onInput={(event) => {
          const plain = event.currentTarget.value.normalize('NFKC').replace(/[^0-9a-z]/gi, '');
          const code = plain.toUpperCase().slice(0, CODE_LENGTH);
          event.currentTarget.value = code;
          onChange(code);
        }}
      />
    </div>
  );
}
