import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Button } from '../../ui/Button';
import { Chip } from '../../ui/Chip';
import { Field } from '../../ui/Field';
import { Sheet } from '../../ui/Sheet';
import { ToastSlot, toast } from '../../ui/Toast';
import { unsavedForms } from '../../ui/typing';
import { noteProblem } from '../visits/Note';
import { saveProblem } from '../visits/problems';
import { recordNote } from './actions';
import { cards } from './cards';
import { words } from './texts';

const LONGEST_PLACE = 60;
type Channel = keyof typeof words.value.note.channels;

/** A new trick heard in the field. Numbers of persons are refused here already. */
export function NoteSheet({ onClose }: { onClose: () => void }) {
  const t = words.value.note;
  const note = useSignal('');
  const place = useSignal('');
  const channel = useSignal<Channel | null>(null);
  const like = useSignal('');
  const looked = useSignal(false);
  useEffect(() => {
    unsavedForms.value += 1;
    return () => {
      unsavedForms.value -= 1;
    };
  }, []);

  const missing = looked.value && note.value.trim() === '' ? t.need : undefined;
  const noteWrong = noteProblem(note.value) ?? missing;
  const long = place.value.trim().length > LONGEST_PLACE ? t.placeLong : undefined;
  const placeWrong = noteProblem(place.value) ?? long;

  const save = async (): Promise<void> => {
    looked.value = true;
    if (note.value.trim() === '' || noteWrong || placeWrong) return;
    const draft = {
      note: note.value,
      place: place.value,
      channel: channel.value,
      scamType: like.value,
    };
    try {
      await recordNote(draft);
      onClose();
      toast({ title: t.saved });
    } catch (error) {
      toast({ title: saveProblem(error) });
    }
  };

  return (
    <Sheet
      title={t.title}
      caption={t.lead}
      onClose={onClose}
      foot={
        <>
          <ToastSlot />
          <Button kind="primary" size="lg" block onPress={() => void save()}>
            {t.save}
          </Button>
        </>
      }
    >
      <Field label={t.heard} error={noteWrong}>
        {({ id, describedBy }) => (
          <textarea
            id={id}
            class="input"
            rows={4}
            data-focus
            placeholder={t.heardExample}
            aria-invalid={noteWrong !== undefined}
            aria-describedby={describedBy}
            value={note.value}
            onInput={(event) => {
              note.value = event.currentTarget.value;
            }}
          />
        )}
      </Field>
      <Field label={t.place} hint={t.placeHint} error={placeWrong}>
        {({ id, describedBy }) => (
          <input
            id={id}
            class="input"
            placeholder={t.placeExample}
            aria-invalid={placeWrong !== undefined}
            aria-describedby={describedBy}
            value={place.value}
            onInput={(event) => {
              place.value = event.currentTarget.value;
            }}
          />
        )}
      </Field>
      <fieldset class="pbset">
        <legend>{t.channel}</legend>
        <div class="pbchips">
          {(Object.keys(t.channels) as Channel[]).map((one) => (
            <Chip
              key={one}
              on={channel.value === one}
              onPress={() => {
                channel.value = channel.value === one ? null : one;
              }}
            >
              {t.channels[one]}
            </Chip>
          ))}
        </div>
      </fieldset>
      <Field label={t.like} hint={t.placeHint}>
        {({ id }) => (
          <select
            id={id}
            class="input pbselect"
            value={like.value}
            onChange={(event) => {
              like.value = event.currentTarget.value;
            }}
          >
            <option value="">{t.unsure}</option>
            {cards.value
              .filter(({ id: card }) => card.startsWith('00000000-'))
              .map(({ type, text }) => (
                <option key={type} value={type}>
                  {text.title}
                </option>
              ))}
          </select>
        )}
      </Field>
    </Sheet>
  );
}
