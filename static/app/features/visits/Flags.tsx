import { CARE_FLAGS } from '../../core/types';
import { text } from '../../i18n';
import { Chip } from '../../ui/Chip';
import { type Form, withFlag } from './form';

type Props = { form: Form; onChange: (form: Form) => void };

/** Care flags: few, fixed, and written down only when the resident agreed. */
export function Flags({ form, onChange }: Props) {
  const t = text.value;
  return (
    <div class="field">
      <div class="lbl">
        {t.log.flags} <em>{t.log.flagsHint}</em>
      </div>
      <div class="flagrow">
        {CARE_FLAGS.map((flag) => (
          <Chip
            key={flag}
            on={form.flags.includes(flag)}
            onPress={() => onChange(withFlag(form, flag))}
          >
            {t.flag[flag]}
          </Chip>
        ))}
      </div>
      {form.flagged && (
        <label class="switch consent">
          <input
            type="checkbox"
            checked={form.agreed}
            onChange={(event) => onChange({ ...form, agreed: event.currentTarget.checked })}
          />
          <span class="grow">
            {t.log.agreed} {!form.agreed && <span class="cap">{t.log.agreedHint}</span>}
          </span>
        </label>
      )}
    </div>
  );
}
