import { useSignal } from '@preact/signals';
import './checks.css';
import type { FlagRow, RecheckRow } from '../../contract';
import { state } from '../../core/field';
import { doorNumber } from '../../i18n/door';
import { AppBar } from '../../ui/AppBar';
import { Blank } from '../../ui/Blank';
import { Button } from '../../ui/Button';
import { Chip } from '../../ui/Chip';
import { Facts } from '../../ui/Facts';
import { Field } from '../../ui/Field';
import { when } from '../../ui/format';
import { Screen } from '../../ui/Screen';
import { ToastSlot } from '../../ui/Toast';
import { asked } from './given';
import { tell } from './record';
import { words } from './texts';

const LONGEST = 500;
/** Seconds; what took longer is told in minutes. */
const BRIEF = 120;
type Rule = keyof typeof words.value.rules;
type Answer = keyof typeof words.value.answers;

/** Own records that look odd, to be explained; then doors to ask at. */
export function ChecksScreen() {
  const t = words.value;
  const { flags, rechecks } = asked.value;
  return (
    <Screen title={t.title} bar={<AppBar title={t.title} backTo="/" />} dock={<ToastSlot />}>
      {flags.length + rechecks.length === 0 && (
        <Blank title={t.nothing}>
          <p>{t.nothingLead}</p>
        </Blank>
      )}
      {flags.length > 0 && (
        <section aria-label={t.explainHead}>
          <div class="section">
            <h2>
              {t.explainHead} <span class="count">{flags.length}</span>
            </h2>
          </div>
          <p class="cap">{t.explainLead}</p>
          {flags.map((flag) => (
            <Flag key={flag.id} flag={flag} />
          ))}
        </section>
      )}
      {rechecks.length > 0 && (
        <section aria-label={t.askHead}>
          <div class="section">
            <h2>
              {t.askHead} <span class="count">{rechecks.length}</span>
            </h2>
          </div>
          <p class="cap">{t.askLead}</p>
          {rechecks.map((row) => (
            <Door key={row.id} row={row} />
          ))}
        </section>
      )}
    </Screen>
  );
}

/** A rule of a later version is shown without its sentence. */
function said({ rule, doors, value }: FlagRow): [string, string] {
  const t = words.value;
  const known = (rule in t.rules ? rule : 'other') as Rule;
  const sentence: (n: number, value: number) => string =
    known === 'clock' && value === 0 ? t.said.early : t.said[known];
  if (known === 'too_fast' && value >= BRIEF) {
    return [t.rules.too_fast, t.said.minutes(doors, Math.floor(value / 60))];
  }
  return [t.rules[known], sentence(doors, value)];
}

function Flag({ flag }: { flag: FlagRow }) {
  const t = words.value;
  const note = useSignal('');
  const [title, sentence] = said(flag);
  const floors = flag.rule === 'too_fast' && flag.floors ? flag.floors : [];
  const tooLong = note.value.length > LONGEST;
  const plain = note.value.trim();

  return (
    <article class="card check">
      <h3>{title}</h3>
      <p class="wrap">
        <Facts
          of={[
            flag.place ?? '',
            flag.unit ? t.unit(flag.unit) : '',
            floors.length > 0 ? t.floors(floors.join(t.floorsJoin)) : '',
            sentence,
          ]}
        />
      </p>
      <p class="cap">{when(flag.moment, state.today.value.day)}</p>
      <div class="chips">
        {t.reasons.map((reason) => (
          <Chip
            key={reason}
            on={note.value === reason}
            onPress={() => {
              note.value = note.value === reason ? '' : reason;
            }}
          >
            {reason}
          </Chip>
        ))}
      </div>
      <Field label={t.own} hint={t.ownHint} error={tooLong ? t.tooLong : undefined}>
        {({ id, describedBy }) => (
          <textarea
            id={id}
            class="input"
            rows={2}
            aria-invalid={tooLong}
            aria-describedby={describedBy}
            value={note.value}
            onInput={(event) => {
              note.value = event.currentTarget.value;
            }}
          />
        )}
      </Field>
      <Button
        kind="primary"
        disabled={plain === '' || tooLong}
        onPress={() => void tell({ type: 'flag_explain', flag: flag.id, note: plain }, t.sent)}
      >
        {t.send}
      </Button>
    </article>
  );
}

function Door({ row }: { row: RecheckRow }) {
  const t = words.value;
  const met = useSignal<'visited' | 'not_visited' | null>(null);

  const save = (answer: Answer, app?: 'installed' | 'none'): void => {
    met.value = null;
    const fields = { type: 'recheck' as const, recheck: row.id, answer };
    void tell(app ? { ...fields, app } : fields, t.saved);
  };
  const press = (answer: Answer): void => {
    if (answer === 'visited' || answer === 'not_visited') met.value = answer;
    else save(answer);
  };
  const known = met.value;

  return (
    <article class="card check">
      <h3 class="wrap">{doorNumber(row.place, row.unit ?? '', row.room ?? '')}</h3>
      <p class="cap wrap">
        <Facts
          of={[
            row.address ?? '',
            typeof row.floor === 'number' ? t.door(row.floor) : '',
            row.tries ? t.tries(row.tries) : '',
          ]}
        />
      </p>
      {known === null ? (
        <div class="two-buttons">
          {(Object.keys(t.answers) as Answer[]).map((answer) => (
            <Button key={answer} kind="secondary" onPress={() => press(answer)}>
              {t.answers[answer]}
            </Button>
          ))}
        </div>
      ) : (
        <>
          <p>
            <b>{t.appAsk}</b>
          </p>
          <div class="two-buttons">
            <Button kind="secondary" onPress={() => save(known, 'installed')}>
              {t.app.installed}
            </Button>
            <Button kind="secondary" onPress={() => save(known, 'none')}>
              {t.app.none}
            </Button>
            <Button kind="secondary" onPress={() => save(known)}>
              {t.notAsked}
            </Button>
            <Button
              kind="quiet"
              onPress={() => {
                met.value = null;
              }}
            >
              {t.back}
            </Button>
          </div>
        </>
      )}
    </article>
  );
}
