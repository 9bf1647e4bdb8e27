import { state } from '../../core/field';
import { APP_STATUSES, type Door } from '../../core/types';
import { text } from '../../i18n';
import { Segmented } from '../../ui/Segmented';
import { Stepper } from '../../ui/Stepper';
import { Flags } from './Flags';
import { FollowUp } from './FollowUp';
import { asksApp, type Form, LEAFLETS_MAX, withApp, withOutcome, withoutOutcome } from './form';
import { Note } from './Note';
import { OutcomeTiles } from './OutcomeTiles';

type Props = { door: Door; form: Form; onChange: (form: Form) => void };

/** All that can be said of a visit; only the outcome must be. */
export function Fields({ door, form, onChange }: Props) {
  const t = text.value;
  const leaflets = state.community.value?.leafletDefault ?? 1;
  const withPeople = asksApp(form.outcome);
  const bare = door.wish?.outcome_only === true;
  return (
    <>
      <OutcomeTiles
        value={form.outcome}
        onChange={(outcome) =>
          onChange(
            outcome === form.outcome ? withoutOutcome(form) : withOutcome(form, outcome, leaflets),
          )
        }
      />
      <div class="field">
        <div class="lbl">{t.log.app}</div>
        <Segmented
          class="app"
          label={t.log.app}
          strong
          wrap
          clearable
          value={form.app}
          options={APP_STATUSES.map((code) => ({
            value: code,
            label: t.appStatus[code],
            disabled: !withPeople,
          }))}
          onChange={(app) => onChange(withApp(form, app, leaflets))}
        />
      </div>
      <div class="rowfield">
        <b>{t.log.leaflets}</b>
        <Stepper
          label={t.log.leaflets}
          fewer={t.log.fewer}
          more={t.log.moreOne}
          value={form.leaflets}
          max={LEAFLETS_MAX}
          onChange={(count) => onChange({ ...form, leaflets: count, counted: true })}
        />
      </div>
      {!bare && <Flags form={form} onChange={onChange} />}
      <FollowUp
        value={form.followUpOn}
        disabled={form.outcome === 'vacant'}
        onChange={(on) => onChange({ ...form, followUpOn: on })}
      />
      {!bare && <Note value={form.note} onChange={(note) => onChange({ ...form, note })} />}
    </>
  );
}
