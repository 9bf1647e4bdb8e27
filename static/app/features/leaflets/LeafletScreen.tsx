import { useSignal } from '@preact/signals';
import './leaflets.css';
import { setPreferences, state } from '../../core/field';
import { AppBar } from '../../ui/AppBar';
import { Button } from '../../ui/Button';
import { Chip } from '../../ui/Chip';
import { Field } from '../../ui/Field';
import { Icon } from '../../ui/Icon';
import { Screen } from '../../ui/Screen';
import { ToastSlot, toast } from '../../ui/Toast';
import { here, writeNowhere } from '../recording';
import { saveProblem } from '../visits/problems';
import { bagOf, type Carried } from './bag';
import { carried } from './given';
import { SHEET } from './LeafletRow';
import { words } from './texts';

const USUAL = [20, 50, 100, 200];

/** What is in the bag, which kind is handed out, and what is taken from stock or brought back. */
export function LeafletScreen() {
  const t = words.value;
  const typed = useSignal('50');
  void [state.sync.value, state.today.value, state.preferences.value];
  const { desk } = here();
  const bag = bagOf(desk, t.general);
  const chosen = carried(desk);
  const plain = typed.value.normalize('NFKC').trim();
  const count = /^\d{1,4}$/.test(plain) ? Number(plain) : 0;
  const wrong = count < 1 ? t.wrong : undefined;

  const save = async (sign: 1 | -1): Promise<void> => {
    if (count < 1) return;
    try {
      await writeNowhere({ type: 'leaflet_take', count: sign * count, kind: chosen });
      toast({ title: sign > 0 ? t.taken(count) : t.brought(count) });
    } catch (error) {
      toast({ title: saveProblem(error) });
    }
  };

  return (
    <Screen
      title={t.title}
      bar={<AppBar title={t.title} caption={t.lead} backTo="/me" />}
      dock={
        <>
          <ToastSlot />
          <div class="two-buttons">
            <Button kind="secondary" size="lg" onPress={() => void save(-1)}>
              {t.bring}
            </Button>
            <Button kind="primary" size="lg" onPress={() => void save(1)}>
              {t.take}
            </Button>
          </div>
        </>
      }
    >
      <fieldset class="bag">
        <legend>{bag.length > 1 ? t.which : t.bag}</legend>
        {bag.map((one) => (
          <Kind key={one.id} one={one} on={one.id === chosen} only={bag.length === 1} />
        ))}
      </fieldset>
      <Field label={t.count} error={wrong}>
        {({ id, describedBy }) => (
          <input
            id={id}
            class="input"
            inputMode="numeric"
            aria-invalid={wrong !== undefined}
            aria-describedby={describedBy}
            value={typed.value}
            onInput={(event) => {
              typed.value = event.currentTarget.value;
            }}
          />
        )}
      </Field>
      <div class="chips leaflet-chips">
        {USUAL.map((one) => (
          <Chip
            key={one}
            on={count === one}
            onPress={() => {
              typed.value = String(one);
            }}
          >
            {one}
          </Chip>
        ))}
      </div>
    </Screen>
  );
}

function Kind({ one, on, only }: { one: Carried; on: boolean; only: boolean }) {
  const t = words.value;
  const inside = (
    <>
      {one.picture ? (
        <img src={one.picture} alt="" width={66} height={88} />
      ) : (
        <span class="nopicture">
          <Icon name={SHEET} />
        </span>
      )}
      <span class="grow">
        <b class="wrap">{one.name}</b>
        <span class={one.left < 0 ? 'cap short' : 'cap'}>
          {one.left < 0 ? t.short(-one.left) : t.inBag(one.left)}
        </span>
      </span>
    </>
  );
  if (only) return <div class="kind">{inside}</div>;
  return (
    <button
      type="button"
      class="kind"
      aria-pressed={on}
      onClick={() => void setPreferences({ leaflet: one.id })}
    >
      {inside}
      {on && <Icon name="check" />}
    </button>
  );
}
