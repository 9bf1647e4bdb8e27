import { useSignal } from '@preact/signals';
import './leaflets.css';
import { AppBar } from '../../ui/AppBar';
import { Button } from '../../ui/Button';
import { Chip } from '../../ui/Chip';
import { Field } from '../../ui/Field';
import { back } from '../../ui/router';
import { Screen } from '../../ui/Screen';
import { toast } from '../../ui/Toast';
import { writeNowhere } from '../recording';
import { saveProblem } from '../visits/problems';
import { words } from './texts';

const USUAL = [20, 50, 100, 200];

/** Taken from stock or brought back: a number, and which of the two. */
export function LeafletScreen() {
  const t = words.value;
  const typed = useSignal('50');
  const plain = typed.value.normalize('NFKC').trim();
  const count = /^\d{1,4}$/.test(plain) ? Number(plain) : 0;
  const wrong = count < 1 ? t.wrong : undefined;

  const save = async (sign: 1 | -1): Promise<void> => {
    if (count < 1) return;
    try {
      await writeNowhere({ type: 'leaflet_take', count: sign * count });
      back('/me');
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
        <div class="two-buttons">
          <Button kind="secondary" size="lg" onPress={() => void save(-1)}>
            {t.bring}
          </Button>
          <Button kind="primary" size="lg" onPress={() => void save(1)}>
            {t.take}
          </Button>
        </div>
      }
    >
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
