import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { correct, neighbour, nextDoor, record } from '../../core/field';
import type { BuildingView, Door, HistoryItem } from '../../core/types';
import { text } from '../../i18n';
import { Button } from '../../ui/Button';
import { Facts } from '../../ui/Facts';
import { shortDay } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { lazy } from '../../ui/lazy';
import { drawTogether } from '../../ui/rendering';
import { go } from '../../ui/router';
import { Sheet } from '../../ui/Sheet';
import { ToastSlot, toast } from '../../ui/Toast';
import { visitDetails } from './details';
import { draftFor, dropDraft, keepDraft } from './drafts';
import { Fields } from './Fields';
import { draftOf, emptyForm, type Form, formOf, isTouched, NOTE_MAX, noteLength } from './form';
import { History } from './History';
import { saveProblem } from './problems';
import { takeBack } from './undo';
import { Warnings } from './Warnings';
import './log.css';

const VoidSheet = lazy(async () => (await import('./VoidSheet')).VoidSheet, 'sheet');
const WhenHint = lazy(async () => (await import('./WhenHint')).WhenHint, 'part');
const WishSheet = lazy(async () => (await import('./WishSheet')).WishSheet, 'sheet');

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
      await drawTogether(() => save(door, form, onClose));
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
        {door.state.tries > 0 && <WhenHint key={household} door={door} />}
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
