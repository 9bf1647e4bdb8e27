import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { isoLocal } from '../../core/clock';
import { Button } from '../../ui/Button';
import { Facts } from '../../ui/Facts';
import { clock } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { Segmented } from '../../ui/Segmented';
import { Sheet } from '../../ui/Sheet';
import { ToastSlot, toast } from '../../ui/Toast';
import { unsavedForms } from '../../ui/typing';
import { here } from '../recording';
import { saveProblem } from '../visits/problems';
import { AttemptParts, type Unfolded, Where } from './AttemptParts';
import {
  type AttemptForm,
  attemptOf,
  drafts,
  emptyAttempt,
  isFilled,
  keepDraft,
  problemsOf,
  toggled,
  withChannel,
} from './attemptForm';
import type { Channel, Reaction } from './codes';
import { end } from './contact';
import { Codes, NoteLine, Tiles } from './inputs';
import type { Working } from './lay';
import { serverNow, useNow } from './now';
import { distanceTo, record } from './record';
import { takeBackToast } from './saved';
import { words } from './texts';
import { CHANNEL_ICON, tilesOf } from './tiles';
import { When } from './When';

type Props = {
  working: Working;
  /** How the sheet was opened: for a call to the bank, or to note a decision. */
  channel: Channel;
  unfolded: Unfolded;
  onClose: () => void;
};

const FIRST: readonly Channel[] = ['call', 'message', 'door'];
const OTHERS: readonly Channel[] = ['workplace', 'family', 'bank', 'police'];
const REACTIONS: readonly Reaction[] = [
  'denies',
  'says_investment',
  'one_more_order',
  'hides_phone',
  'hesitates',
  'cries',
  'agrees',
];

function Channels({
  form,
  onChange,
}: {
  form: AttemptForm;
  onChange: (form: AttemptForm) => void;
}) {
  const t = words.value;
  const choose = (channel: Channel | null): void => {
    if (channel) onChange(withChannel(form, channel));
  };
  return (
    <div class="field">
      <div class="lbl">{t.attempt.channel}</div>
      <Segmented<Channel>
        label={t.attempt.channel}
        strong
        wrap
        value={form.channel}
        options={FIRST.map((channel) => ({
          value: channel,
          label: (
            <>
              <Icon name={CHANNEL_ICON[channel]} size="s" />
              {t.way[channel]}
            </>
          ),
        }))}
        onChange={choose}
      />
      <div class="others">
        <Segmented<Channel>
          label={t.attempt.otherChannels}
          strong
          wrap
          value={form.channel}
          options={OTHERS.map((channel) => ({ value: channel, label: t.way[channel] }))}
          onChange={choose}
        />
      </div>
    </div>
  );
}

function Results({ form, onChange }: { form: AttemptForm; onChange: (form: AttemptForm) => void }) {
  const t = words.value.attempt;
  const { usual, rest } = tilesOf(form.channel);
  const all = useSignal(false);
  const shown =
    all.value || rest.some(({ key }) => key === form.tile) ? [...usual, ...rest] : usual;
  return (
    <div class="field">
      <div class="lbl">{t.asked[form.channel]}</div>
      <Tiles
        label={t.asked[form.channel]}
        tiles={shown.map(({ key, icon }) => ({ value: key, label: t.tile[key], icon }))}
        value={form.tile}
        onChoose={(tile) => onChange({ ...form, tile: form.tile === tile ? null : tile })}
      />
      {shown.length === usual.length && (
        <button
          type="button"
          class="link"
          onClick={() => {
            all.value = true;
          }}
        >
          {t.moreResults}
          <Icon name="down" size="s" />
        </button>
      )}
    </div>
  );
}

function leftWords({ row, state }: Working, now: number): string {
  const t = words.value;
  if (state.in_contact_at !== null) return t.alert.reachedAt(clock(state.in_contact_at));
  const left = Math.floor((row.deadline - now) / 60_000);
  return left >= 0 ? t.attempt.left(`${left}${t.ring.minutes}`) : t.attempt.over(-left);
}

/** One step on the ladder: how, what came of it, and whatever else is worth a word. */
export function AttemptSheet({ working, channel, unfolded, onClose }: Props) {
  const t = words.value;
  const { row } = working;
  const now = useNow(15_000);
  const busy = useSignal(false);
  const tried = useSignal(false);
  const form = drafts.value.get(row.id) ?? emptyAttempt(channel);
  const change = (changed: AttemptForm): void => keepDraft(row.id, changed);
  const clockOf = () => ({
    now: serverNow(),
    received: row.received_at,
    skew: here().desk.clock.skew,
  });
  const problems = problemsOf(form, clockOf());
  const filled = isFilled(form);
  useEffect(() => {
    if (!filled) return undefined;
    unsavedForms.value += 1;
    return () => {
      unsavedForms.value -= 1;
    };
  }, [filled]);

  const save = async (): Promise<void> => {
    const at = form.when ?? here().desk.clock.now();
    const fields = attemptOf(form, isoLocal(at));
    tried.value = true;
    if (busy.value || !fields || Object.keys(problemsOf(form, clockOf())).length > 0) return;
    busy.value = true;
    try {
      const seen = form.channel === 'door' ? distanceTo(row, here().desk.clock.now()) : {};
      const when = form.when ?? undefined;
      const fieldsOf = { ...fields, ...seen };
      const ids = await record(row.id, { type: 'alert_attempt', fields: fieldsOf, when });
      keepDraft(row.id, null);
      end();
      takeBackToast(t.attempt.saved, ids);
      onClose();
    } catch (error) {
      toast({ title: saveProblem(error) });
    } finally {
      busy.value = false;
    }
  };

  const herOrHis =
    row.sex === 'f' ? t.attempt.herWords : row.sex === 'm' ? t.attempt.hisWords : t.attempt.words;
  const wrong = Object.values(problems)[0];
  return (
    <Sheet
      title={t.attempt.title}
      caption={
        <Facts
          of={[
            row.resident_name || t.list.number(row.number),
            t.alert.place(row.place ?? '', row.unit ?? '', row.room ?? ''),
            leftWords(working, now),
          ]}
        />
      }
      onClose={onClose}
      foot={
        <>
          <ToastSlot />
          {tried.value && wrong && (
            <p class="error center" role="alert">
              {wrong}
            </p>
          )}
          <Button
            kind="primary"
            size="lg"
            block
            disabled={!form.tile || busy.value}
            onPress={() => void save()}
          >
            {form.tile ? t.attempt.save[form.channel] : t.attempt.choose}
          </Button>
        </>
      }
    >
      <Channels form={form} onChange={change} />
      <Results form={form} onChange={change} />
      {form.tile === 'elsewhere' && <Where form={form} problems={problems} onChange={change} />}
      <Codes
        label={herOrHis}
        hint={t.attempt.many}
        codes={REACTIONS}
        names={t.reaction}
        on={(code) => form.reactions.includes(code)}
        onPress={(code) => change({ ...form, reactions: toggled(form.reactions, code) })}
      />
      <NoteLine
        label={t.attempt.note}
        placeholder={t.attempt.notePlaceholder}
        value={form.note}
        error={problems.note}
        onInput={(note) => change({ ...form, note })}
      />
      <When
        value={form.when}
        error={problems.when}
        onChange={(when) => change({ ...form, when })}
      />
      <AttemptParts form={form} problems={problems} unfolded={unfolded} onChange={change} />
    </Sheet>
  );
}
