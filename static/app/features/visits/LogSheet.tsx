import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { correct, neighbour, nextDoor, record, state } from '../../core/field';
import { APP_STATUSES, type BuildingView, type Door, type HistoryItem } from '../../core/types';
import { text } from '../../i18n';
import { Button } from '../../ui/Button';
import { Facts } from '../../ui/Facts';
import { shortDay } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { Notice } from '../../ui/Notice';
import { go } from '../../ui/router';
import { Segmented } from '../../ui/Segmented';
import { Sheet } from '../../ui/Sheet';
import { Stepper } from '../../ui/Stepper';
import { ToastSlot, toast } from '../../ui/Toast';
import { draftFor, dropDraft, keepDraft } from './drafts';
import { Flags } from './Flags';
import { FollowUp } from './FollowUp';
import {
  asksApp,
  draftOf,
  emptyForm,
  type Form,
  formOf,
  isTouched,
  LEAFLETS_MAX,
  NOTE_MAX,
  noteLength,
  withApp,
  withOutcome,
  withoutOutcome,
} from './form';
import { History, visitDetails } from './History';
import { Note } from './Note';
import { OutcomeTiles } from './OutcomeTiles';
import { saveProblem } from './problems';
import { takeBack } from './undo';
import { VoidSheet } from './VoidSheet';
import { WishSheet } from './WishSheet';
import './log.css';

type Props = { view: BuildingView; household: string; onClose: () => void };

function doorPath(door: { building: string; household: string }): string {
  return `/building/${door.building}/door/${door.household}`;
}

/** Leaving with something chosen and not saved is said aloud, with a way back. */
function warnIfUnsaved(door: Door): void {
  const form = draftFor(door.household);
  if (!form || !isTouched(form)) return;
  toast({
    title: text.value.log.leftUnsaved(door.room),
    action: {
      label: text.value.log.goBack,
      run: () => go(doorPath(door), { replace: location.pathname.includes('/door/') }),
    },
  });
}

/** Writes the form down and goes on to the next door, or stays after a correction. */
async function save(door: Door, form: Form, onClose: () => void): Promise<void> {
  const t = text.value;
  const draft = draftOf(form, door);
  if (!draft || noteLength(form.note) > NOTE_MAX) return;
  const saved = form.correcting
    ? await correct(door.building, form.correcting.id, draft)
    : await record(door.building, draft);
  dropDraft(door.household);
  const parts = [
    t.outcome[draft.outcome],
    ...visitDetails({ app: draft.app ?? null, leaflets: draft.leaflets ?? 0 }),
  ];
  toast({
    title: t.log.saved(door.room),
    detail: <Facts of={parts} />,
    action: {
      run: () => {
        void takeBack(saved);
        if (location.pathname.includes('/door/')) go(doorPath(door), { replace: true });
      },
    },
  });
  if (form.correcting) return;
  if (saved.next) go(doorPath(saved.next), { replace: true });
  else onClose();
}

function Steps({ door, onLeave }: { door: Door; onLeave: () => void }) {
  const t = text.value.log;
  const step = (by: 1 | -1) => {
    const to = neighbour(door.building, door.household, by);
    const move = (): void => {
      if (!to) return;
      onLeave();
      go(doorPath(to), { replace: true });
    };
    return { move, off: to === null };
  };
  const before = step(-1);
  const after = step(1);
  return (
    <>
      <button
        type="button"
        class="iconbtn"
        aria-label={t.previous}
        disabled={before.off}
        onClick={before.move}
      >
        <Icon name="up" />
      </button>
      <button
        type="button"
        class="iconbtn"
        aria-label={t.nextDoor}
        disabled={after.off}
        onClick={after.move}
      >
        <Icon name="down" />
      </button>
    </>
  );
}

function Warnings({ door, form }: { door: Door; form: Form }) {
  const t = text.value.log;
  const until = door.wish?.no_visits_until;
  return (
    <>
      {form.correcting && (
        <Notice icon="pen" tone="ok">
          <span class="spread">
            {t.correctLead}
            <button type="button" class="link" onClick={() => dropDraft(door.household)}>
              {t.stopCorrecting}
            </button>
          </span>
        </Notice>
      )}
      {door.skipped && until && (
        <Notice icon="moon" tone="warn">
          {t.wishWarning(shortDay(until))}
        </Notice>
      )}
      {door.retired && <Notice icon="warn">{t.retired}</Notice>}
      {(door.open > 0 || door.provisional) && (
        <Notice icon="warn">{text.value.outbox.codes.other}</Notice>
      )}
    </>
  );
}

function wishWords(door: Door): string {
  const t = text.value.log;
  const { wish } = door;
  return (
    [
      wish?.no_visits_until ? t.wishUntil(shortDay(wish.no_visits_until)) : '',
      wish?.outcome_only ? t.wishOutcomeOnly : '',
    ]
      .filter(Boolean)
      .join('，') || t.wishNone
  );
}

type FieldsProps = { door: Door; form: Form; onChange: (form: Form) => void };

function Fields({ door, form, onChange }: FieldsProps) {
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

function saveLabel(view: BuildingView, door: Door, form: Form): string {
  const t = text.value;
  if (!form.outcome) return t.log.choose;
  if (form.correcting) return t.log.saveCorrection;
  const next = nextDoor(view.building.id, door.household);
  if (!next) return t.log.save;
  const elsewhere = next.unit !== door.unit && next.unit !== '';
  return t.log.saveNext(elsewhere ? `${t.building.unit(next.unit)} ${next.room}` : next.room);
}

function Gone({ onClose }: { onClose: () => void }) {
  const t = text.value;
  return (
    <Sheet title={t.log.gone} onClose={onClose}>
      <p class="cap">{t.building.missingLead}</p>
    </Sheet>
  );
}

/** Log a door: outcome, save, next. Everything else may be left as it is. */
export function LogSheet({ view, household, onClose }: Props) {
  const t = text.value;
  const door = view.doors.get(household);
  const busy = useSignal(false);
  const inner = useSignal<{ kind: 'void'; item: HistoryItem } | { kind: 'wish' } | null>(null);
  const opened = useRef(household);
  useEffect(() => {
    if (opened.current === household) return;
    opened.current = household;
    document.querySelector('.sheet-body')?.scrollTo(0, 0);
    document.querySelector<HTMLElement>('.sheet h2')?.focus({ preventScroll: true });
  }, [household]);
  if (!door) return <Gone onClose={onClose} />;

  const form = draftFor(household) ?? emptyForm(door);
  const change = (changed: Form): void => keepDraft(household, changed);
  const leave = (): void => warnIfUnsaved(door);
  const press = async (): Promise<void> => {
    if (busy.value) return;
    busy.value = true;
    try {
      await save(door, form, onClose);
    } catch (error) {
      toast({ title: saveProblem(error) });
    } finally {
      busy.value = false;
    }
  };
  const shut = (): void => {
    inner.value = null;
  };
  const where = t.log.where(view.building.name, door.unit);
  return (
    <>
      <Sheet
        big
        title={door.room}
        caption={
          <>
            {where}
            <i class="sep"> </i>
            <span class="nowrap">{t.log.attempt(door.state.knocks + 1)}</span>
          </>
        }
        tools={<Steps door={door} onLeave={leave} />}
        onClose={() => {
          onClose();
          leave();
        }}
        foot={
          <>
            <ToastSlot />
            <Button
              kind="primary"
              size="lg"
              block
              disabled={!form.outcome || noteLength(form.note) > NOTE_MAX}
              onPress={() => void press()}
            >
              {saveLabel(view, door, form)}
            </Button>
          </>
        }
      >
        <Warnings door={door} form={form} />
        <Fields door={door} form={form} onChange={change} />
        <p class="privacy">
          <Icon name="lock" size="s" />
          {t.log.privacy}
        </p>
        <div class="more">
          <History
            key={household}
            door={door}
            onCorrect={(item) => {
              change(formOf(item, door));
              document.querySelector('.sheet-body')?.scrollTo(0, 0);
            }}
            onVoid={(item) => {
              inner.value = { kind: 'void', item };
            }}
          />
          <button
            type="button"
            class="row"
            onClick={() => {
              inner.value = { kind: 'wish' };
            }}
          >
            <Icon name="moon" />
            <span class="grow">
              {t.log.wish} <span class="cap">{wishWords(door)}</span>
            </span>
            <Icon name="right" size="s" />
          </button>
        </div>
      </Sheet>
      {inner.value?.kind === 'void' && (
        <VoidSheet
          building={door.building}
          item={inner.value.item}
          caption={`${where} ${door.room}`}
          onClose={shut}
        />
      )}
      {inner.value?.kind === 'wish' && (
        <WishSheet door={door} caption={`${where} ${door.room}`} onClose={shut} />
      )}
    </>
  );
}
