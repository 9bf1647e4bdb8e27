import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import './session.css';
import { AppBar } from '../../ui/AppBar';
import { Button } from '../../ui/Button';
import { Chip } from '../../ui/Chip';
import { Field } from '../../ui/Field';
import { back } from '../../ui/router';
import { Screen } from '../../ui/Screen';
import { toast } from '../../ui/Toast';
import { unsavedForms } from '../../ui/typing';
import { words as alertWords } from '../alerts/texts';
import { noteProblem } from '../visits/Note';
import { saveProblem } from '../visits/problems';
import { campaignsNow, numberOf, recordSession } from './record';
import { words } from './texts';

const LONGEST_PLACE = 120;
type Partner = keyof typeof words.value.partners;
type Topic = keyof typeof alertWords.value.scam;
type Typed = 'place' | 'residents' | 'workers' | 'leaflets' | 'note';

/** One session: where, with whom, for how many. */
export function SessionScreen() {
  const t = words.value;
  const typed = useSignal({ place: '', residents: '', workers: '', leaflets: '', note: '' });
  const partner = useSignal<Partner | null>(null);
  const topics = useSignal<readonly Topic[]>([]);
  const looked = useSignal(false);
  const campaign = useSignal<string | null>(null);
  const campaigns = useMemo(campaignsNow, []);
  useEffect(() => {
    unsavedForms.value += 1;
    return () => {
      unsavedForms.value -= 1;
    };
  }, []);

  const problemOf = (name: Typed): string | undefined => {
    const value = typed.value[name];
    if (name === 'note') return noteProblem(value);
    if (name !== 'place') return numberOf(value) === undefined ? t.number : undefined;
    if (value.trim().length > LONGEST_PLACE) return t.placeLong;
    if (looked.value && value.trim() === '') return t.need;
    return noteProblem(value);
  };

  const save = async (): Promise<void> => {
    looked.value = true;
    if ((Object.keys(typed.value) as Typed[]).some(problemOf)) return;
    try {
      await recordSession({
        ...typed.value,
        partner: partner.value,
        topics: topics.value,
        campaign: campaign.value,
      });
      back('/me');
      toast({ title: t.saved });
    } catch (error) {
      toast({ title: saveProblem(error) });
    }
  };

  const line = (name: Typed, label: string, example = '', numeric = false) => (
    <Field label={label} error={problemOf(name)}>
      {({ id, describedBy }) => (
        <input
          id={id}
          class="input"
          inputMode={numeric ? 'numeric' : undefined}
          placeholder={example}
          aria-invalid={problemOf(name) !== undefined}
          aria-describedby={describedBy}
          value={typed.value[name]}
          onInput={(event) => {
            typed.value = { ...typed.value, [name]: event.currentTarget.value };
          }}
        />
      )}
    </Field>
  );

  return (
    <Screen
      title={t.title}
      bar={<AppBar title={t.title} caption={t.lead} backTo="/me" />}
      dock={
        <Button kind="primary" size="lg" block onPress={() => void save()}>
          {t.save}
        </Button>
      }
    >
      {line('place', t.place, t.placeExample)}
      <fieldset class="sessionset">
        <legend>{t.partner}</legend>
        <div class="chips">
          {(Object.keys(t.partners) as Partner[]).map((one) => (
            <Chip
              key={one}
              on={partner.value === one}
              onPress={() => {
                partner.value = partner.value === one ? null : one;
              }}
            >
              {t.partners[one]}
            </Chip>
          ))}
        </div>
      </fieldset>
      {line('residents', t.residents, '0', true)}
      {line('workers', t.workers, '0', true)}
      {line('leaflets', t.leaflets, '0', true)}
      <fieldset class="sessionset">
        <legend>{t.topics}</legend>
        <div class="chips">
          {(Object.keys(alertWords.value.scam) as Topic[]).map((one) => (
            <Chip
              key={one}
              on={topics.value.includes(one)}
              onPress={() => {
                topics.value = topics.value.includes(one)
                  ? topics.value.filter((other) => other !== one)
                  : [...topics.value, one];
              }}
            >
              {alertWords.value.scam[one]}
            </Chip>
          ))}
        </div>
      </fieldset>
      {campaigns.length > 0 && (
        <fieldset class="sessionset">
          <legend>{t.campaign}</legend>
          <div class="chips">
            {campaigns.map((one) => (
              <Chip
                key={one}
                on={campaign.value === one}
                onPress={() => {
                  campaign.value = campaign.value === one ? null : one;
                }}
              >
                {one}
              </Chip>
            ))}
          </div>
        </fieldset>
      )}
      {line('note', t.note, t.noteExample)}
    </Screen>
  );
}
