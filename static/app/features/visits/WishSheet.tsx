import { useSignal } from '@preact/signals';
import { day, recordWish } from '../../core/field';
import type { Door, Wish } from '../../core/types';
import { text } from '../../i18n';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { Sheet } from '../../ui/Sheet';
import { toast } from '../../ui/Toast';
import { saveProblem } from './problems';
import { words } from './texts';
import { takeBack } from './undo';

type Props = { door: Door; caption: string; onClose: () => void };

/** What the resident asked for: no visits until a day, or the bare outcome only. */
export function WishSheet({ door, caption, onClose }: Props) {
  const t = words.value.wish;
  const until = useSignal(door.wish?.no_visits_until ?? '');
  const only = useSignal(door.wish?.outcome_only ?? false);
  const save = async (wish: Wish): Promise<void> => {
    try {
      const saved = await recordWish(door.building, door.household, wish);
      toast({ title: t.wishSaved, action: { run: () => void takeBack(saved) } });
      onClose();
    } catch (error) {
      toast({ title: saveProblem(error) });
    }
  };
  const wish: Wish = {};
  if (until.value) wish.no_visits_until = until.value;
  if (only.value) wish.outcome_only = true;
  const empty = !until.value && !only.value;
  return (
    <Sheet
      title={text.value.log.wish}
      caption={caption}
      onClose={onClose}
      foot={
        <>
          {door.wish && (
            <Button kind="quiet" block onPress={() => void save({})}>
              {t.wishLift}
            </Button>
          )}
          <Button kind="primary" size="lg" block disabled={empty} onPress={() => void save(wish)}>
            {text.value.common.save}
          </Button>
        </>
      }
    >
      <Field label={t.wishNoVisits}>
        {({ id }) => (
          <input
            id={id}
            class="input"
            type="date"
            min={day(1)}
            value={until.value}
            onInput={(event) => {
              until.value = event.currentTarget.value;
            }}
          />
        )}
      </Field>
      <label class="switch">
        <input
          type="checkbox"
          checked={only.value}
          onChange={(event) => {
            only.value = event.currentTarget.checked;
          }}
        />
        <span class="grow">
          {t.wishOnly}
          <br />
          <span class="cap">{t.wishOnlyHint}</span>
        </span>
      </label>
    </Sheet>
  );
}
