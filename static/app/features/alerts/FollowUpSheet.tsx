import { useSignal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import type { MyFollowUpRow } from '../../contract';
import { day } from '../../core/field';
import { text } from '../../i18n';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { addDays } from '../../ui/format';
import { Segmented } from '../../ui/Segmented';
import { Sheet } from '../../ui/Sheet';
import { ToastSlot, toast } from '../../ui/Toast';
import { unsavedForms } from '../../ui/typing';
import { saveProblem } from '../visits/problems';
import { MOST, textProblem } from './attemptForm';
import type { How, Risk } from './codes';
import { Codes, NoteLine, Switch } from './inputs';
import { record } from './record';
import { takeBackToast } from './saved';
import { words } from './texts';

const HOWS: readonly How[] = ['call', 'door', 'message', 'family'];
const RISKS: readonly Risk[] = ['high', 'medium', 'low', 'none'];

interface Form {
  how: How;
  reached: boolean | null;
  risk: Risk | null;
  next: string;
  again: boolean;
  note: string;
}

const EMPTY: Form = { how: 'call', reached: null, risk: null, next: '', again: false, note: '' };

type Props = { due: MyFollowUpRow; onClose: () => void; onDone: () => void };

/** Asked again: reached or not, the risk as it is now, and whether it happened again. */
export function FollowUpSheet({ due, onClose, onDone }: Props) {
  const t = words.value;
  const [form, setForm] = useState<Form>(EMPTY);
  const busy = useSignal(false);
  const problem = textProblem(form.note, MOST.note);
  const dirty = form.reached !== null || form.note !== '';
  useEffect(() => {
    if (!dirty) return undefined;
    unsavedForms.value += 1;
    return () => {
      unsavedForms.value -= 1;
    };
  }, [dirty]);

  const save = async (): Promise<void> => {
    const { how, reached, risk, next, again, note } = form;
    if (busy.value || reached === null || problem) return;
    busy.value = true;
    try {
      const fields = {
        follow_up: due.id,
        how,
        reached,
        risk: reached ? risk : null,
        next_on: next || null,
        note: note.trim(),
        ...(again ? { again } : {}),
      };
      const ids = await record(due.alert, { type: 'follow_up', fields });
      takeBackToast(again ? t.due.savedAgain : t.due.saved, ids);
      onDone();
    } catch (error) {
      toast({ title: saveProblem(error) });
    } finally {
      busy.value = false;
    }
  };

  return (
    <Sheet
      title={t.due.record}
      caption={due.resident_name || t.list.number(due.number)}
      onClose={onClose}
      foot={
        <>
          <ToastSlot />
          <Button
            kind="primary"
            size="lg"
            block
            disabled={form.reached === null || problem !== undefined || busy.value}
            onPress={() => void save()}
          >
            {form.reached === null ? t.due.choose : form.again ? t.due.saveAgain : t.due.save}
          </Button>
        </>
      }
    >
      <Codes
        label={t.due.how}
        codes={HOWS}
        names={t.how}
        on={(code) => form.how === code}
        onPress={(how) => setForm({ ...form, how })}
      />
      <div class="field">
        <div class="lbl">{t.due.reached}</div>
        <Segmented<'yes' | 'no'>
          label={t.due.reached}
          strong
          value={form.reached === null ? null : form.reached ? 'yes' : 'no'}
          options={[
            { value: 'yes', label: t.due.yes },
            { value: 'no', label: t.due.no },
          ]}
          onChange={(value) => setForm({ ...form, reached: value === 'yes' })}
        />
      </div>
      {form.reached && (
        <Codes
          label={t.due.risk}
          codes={RISKS}
          names={t.close.risks}
          on={(code) => form.risk === code}
          onPress={(risk) => setForm({ ...form, risk: form.risk === risk ? null : risk })}
        />
      )}
      <Switch on={form.again} onChange={(again) => setForm({ ...form, again })}>
        <b>{t.due.again}</b>
        <br />
        <span class="cap">{t.due.againLead}</span>
      </Switch>
      {!form.again && (
        <Field label={t.due.next} hint={t.due.nextHint}>
          {({ id }) => (
            <input
              id={id}
              class="input"
              type="date"
              min={addDays(day(), 1)}
              value={form.next}
              onInput={(event) => setForm({ ...form, next: event.currentTarget.value })}
            />
          )}
        </Field>
      )}
      <NoteLine
        label={text.value.log.note}
        placeholder={t.attempt.notePlaceholder}
        value={form.note}
        error={problem}
        onInput={(note) => setForm({ ...form, note })}
      />
    </Sheet>
  );
}
