import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { addDoor, Refusal } from '../../core/field';
import type { BuildingView, Door } from '../../core/types';
import { text } from '../../i18n';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { Notice } from '../../ui/Notice';
import { go } from '../../ui/router';
import { Segmented } from '../../ui/Segmented';
import { Sheet } from '../../ui/Sheet';
import { ToastSlot, toast } from '../../ui/Toast';
import { unsavedForms } from '../../ui/typing';
import { saveProblem } from '../visits/problems';
import { doorKey } from './key';
import { words } from './texts';

type Props = { view: BuildingView; unit: string; onClose: () => void };

/** How many stairwells fit side by side; with more the unit is typed. */
const TABS_MAX = 4;

/** The floor that a room number speaks of: 1203 and 12-3 are on 12. Null: it does not say. */
export function floorOf(room: string): number | null {
  const found = /^0*(\d{1,2})(?:\d{2}|-\d{1,2})$/.exec(room.normalize('NFKC').trim());
  return found ? Number(found[1]) : null;
}

function sameDoor(view: BuildingView, unit: string, room: string): Door | undefined {
  const key = doorKey(unit, room);
  for (const door of view.doors.values()) {
    if (doorKey(door.unit, door.room) === key) return door;
  }
  return undefined;
}

/** A door that the list lacked; it can be logged at once. */
export function AddDoor({ view, unit: shown, onClose }: Props) {
  const t = words.value.addDoor;
  const unit = useSignal(shown);
  const room = useSignal('');
  const typedFloor = useSignal<string | null>(null);
  const looked = useSignal(false);
  const missing = useSignal(false);
  useEffect(() => {
    unsavedForms.value += 1;
    return () => {
      unsavedForms.value -= 1;
    };
  }, []);

  const { id, floors } = view.building;
  const spoken = floorOf(room.value);
  const floorText = typedFloor.value ?? String(spoken ?? '');
  const floor = floorText === '' ? null : Number(floorText);
  const there = room.value.trim() ? sameDoor(view, unit.value, room.value) : undefined;
  const beyond = floors !== null && floor !== null && floor > floors;
  const openDoor = (household: string): void =>
    go(`/building/${id}/door/${household}`, { replace: true });

  const save = async (): Promise<void> => {
    missing.value = room.value.trim() === '';
    if (missing.value) return;
    try {
      const door = { unit: unit.value.trim(), floor, room: room.value.trim() };
      const saved = await addDoor(id, door);
      const household = saved.doors[0];
      if (household) openDoor(household);
    } catch (error) {
      if (error instanceof Refusal && error.code === 'exists' && error.field) openDoor(error.field);
      else toast({ title: saveProblem(error) });
    }
  };

  return (
    <Sheet
      title={t.title}
      caption={view.building.name}
      onClose={onClose}
      foot={
        <>
          <ToastSlot />
          {there ? (
            <Button kind="primary" size="lg" block onPress={() => openDoor(there.household)}>
              {t.openIt}
            </Button>
          ) : (
            <Button
              kind="primary"
              size="lg"
              block
              disabled={beyond && !looked.value}
              onPress={() => void save()}
            >
              {t.save}
            </Button>
          )}
        </>
      }
    >
      <p class="cap">{t.lead}</p>
      {view.units.length > 0 && view.units.length <= TABS_MAX ? (
        <div class="field">
          <div class="lbl">{t.unit}</div>
          <Segmented
            label={t.unit}
            value={unit.value}
            options={view.units.map((one) => ({
              value: one.unit,
              label: one.unit ? text.value.building.unit(one.unit) : text.value.building.noUnit,
            }))}
            onChange={(value) => {
              if (value !== null) unit.value = value;
            }}
          />
        </div>
      ) : (
        <Field label={t.unit} hint={t.floorHint}>
          {(ids) => (
            <input
              id={ids.id}
              class="input"
              value={unit.value}
              maxLength={16}
              onInput={(event) => {
                unit.value = event.currentTarget.value;
              }}
            />
          )}
        </Field>
      )}
      <Field label={t.room} hint={t.roomHint} error={missing.value ? t.needRoom : undefined}>
        {(ids) => (
          <input
            id={ids.id}
            class="input"
            data-focus
            autocomplete="off"
            aria-describedby={ids.describedBy}
            aria-invalid={missing.value}
            value={room.value}
            maxLength={16}
            onInput={(event) => {
              room.value = event.currentTarget.value;
              missing.value = false;
            }}
          />
        )}
      </Field>
      <Field label={t.floor} hint={t.floorHint}>
        {(ids) => (
          <input
            id={ids.id}
            class="input"
            inputMode="numeric"
            pattern="-?[0-9]*"
            value={floorText}
            maxLength={3}
            onInput={(event) => {
              typedFloor.value = event.currentTarget.value.replace(/[^\d-]/g, '');
            }}
          />
        )}
      </Field>
      {there && (
        <Notice icon="check" tone="ok">
          {t.exists(there.room)}
        </Notice>
      )}
      {spoken !== null && floor !== null && spoken !== floor && (
        <Notice icon="warn" tone="warn">
          {t.mismatch(spoken)}
        </Notice>
      )}
      {beyond && (
        <>
          <Notice icon="warn" tone="warn" alert>
            {t.beyond(floors)}
          </Notice>
          <label class="switch">
            <input
              type="checkbox"
              checked={looked.value}
              onChange={(event) => {
                looked.value = event.currentTarget.checked;
              }}
            />
            <span class="grow">{t.beyondOk}</span>
          </label>
        </>
      )}
    </Sheet>
  );
}
