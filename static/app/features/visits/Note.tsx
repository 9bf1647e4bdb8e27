import { text } from '../../i18n';
import { NOTE_MAX, noteLength } from './form';
import { type Found, personalNumberIn } from './personal';

type Props = { value: string; onChange: (note: string) => void };

/** What is wrong with a note, in words; undefined when nothing is. */
export function noteProblem(note: string): string | undefined {
  const t = text.value.log;
  if (noteLength(note) > NOTE_MAX) return t.noteLong(noteLength(note) - NOTE_MAX);
  const found = personalNumberIn(note);
  const words: Record<Found, string> = { id: t.noteId, card: t.noteCard, phone: t.notePhone };
  return found ? words[found] : undefined;
}

/** A line for what the next volunteer should know; dictation is the keyboard's own. */
export function Note({ value, onChange }: Props) {
  const t = text.value.log;
  const problem = noteProblem(value);
  return (
    <div class="field">
      <textarea
        class="input"
        rows={value.length > 24 ? 3 : 1}
        aria-label={t.note}
        aria-invalid={problem !== undefined}
        aria-describedby={problem ? 'note-problem' : undefined}
        placeholder={t.notePlaceholder}
        value={value}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      {problem && (
        <p class="error" id="note-problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
