import { useSignal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import { day, refreshStorageInfo, state, syncNow } from '../../core/field';
import type { OutboxItem } from '../../core/types';
import { text } from '../../i18n';
import { doorNumber } from '../../i18n/door';
import { AppBar } from '../../ui/AppBar';
import { Button } from '../../ui/Button';
import { clock, when } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { Notice } from '../../ui/Notice';
import { go } from '../../ui/router';
import { Screen } from '../../ui/Screen';
import { ToastSlot, toast } from '../../ui/Toast';
import { PhoneNotices } from '../accounts/PhoneNotices';
import { words as doors } from '../places/texts';
import { TALK } from '../playbook/icons';
import { type Group, groupsOf, ROOMS_SHOWN } from './groups';
import { Remarks } from './Remarks';
import { ShiftCard } from './ShiftCard';
import { StorageCard } from './StorageCard';
import { SyncPill } from './SyncPill';
import { Tabs } from './Tabs';
import { words } from './texts';
import './outbox.css';

/** All in one look: how many are on the phone, and that none is lost. */
function Safe() {
  const t = words.value.outbox;
  const { unsent, syncing, online } = state.sync.value;
  const title = unsent === 0 ? t.empty : syncing && online ? t.sending(unsent) : t.safe(unsent);
  return (
    <section class="safe">
      <svg viewBox="0 0 96 96" aria-hidden="true">
        <path class="safe-door" d="M16 92V40a32 32 0 0 1 64 0v52z" />
        <path class="safe-mark" d="M33 56l11 11 20-23" />
        <path class="blank-step" d="M8 92h80" />
      </svg>
      <div role="status">
        <h2>{title}</h2>
        <p>{unsent === 0 ? t.emptyLead : t.safeLead}</p>
      </div>
    </section>
  );
}

function why(item: OutboxItem): string {
  const t = words.value.outbox;
  const codes: Record<string, string> = t.codes;
  const fields: Record<string, string> = text.value.log.fields;
  const key = item.status === 'refused' || item.status === 'waiting' ? item.status : item.code;
  const notMine = item.type === 'alert' && key === 'not_yours';
  const known = notMine ? t.codes.alert_not_yours : codes[key ?? 'other'];
  const reason = known ?? item.message ?? t.codes.other;
  const field = item.field ? fields[item.field] : undefined;
  return field ? `${reason} ${text.value.log.field(field)}` : reason;
}

function what(item: OutboxItem): string {
  const t = words.value.outbox;
  if (item.outcome) return text.value.outcome[item.outcome];
  const kinds = {
    visit: t.visits,
    void: t.voids,
    household_add: t.adds,
    door_wish: t.wishes,
    alert: item.alert === null ? t.alerts : t.alert(item.alert),
    shift: t.shifts,
    scam_note: t.tricks,
    card_read: t.reads,
    quiz_result: t.quizzes,
    session_log: t.sessions,
    leaflet_take: t.leaflets,
    flag_explain: t.explanations,
    recheck: t.rechecks,
  };
  return kinds[item.type] ?? t.others;
}

function where(item: OutboxItem): string {
  const name = item.buildingName ?? '';
  return item.door ? doorNumber(name, item.door.unit, item.door.room) : name;
}

function Look({ items }: { items: readonly OutboxItem[] }) {
  const t = words.value.outbox;
  if (items.length === 0) return null;
  return (
    <>
      <div class="section">
        <h2>
          {t.look} <span class="count">{items.length}</span>
        </h2>
      </div>
      <section class="card fix" aria-label={t.look}>
        {items.map((item) => (
          <div key={item.id}>
            <div class="spread">
              <b>
                {where(item)} {what(item)}
              </b>
              <span class="cap nowrap">{when(item.moment, day())}</span>
            </div>
            <p>{why(item)}</p>
            {item.door && (
              <Button
                kind="soft"
                onPress={() =>
                  item.door && go(`/building/${item.door.building}/door/${item.door.household}`)
                }
              >
                {doors.value.addDoor.openIt}
              </Button>
            )}
          </div>
        ))}
        <p class="cap lookend">{t.lookLead}</p>
      </section>
    </>
  );
}

function Row({ group }: { group: Group }) {
  const t = words.value.outbox;
  const names = {
    visit: `${t.visits} ${t.rooms(group.doors)}`,
    void: `${t.voids} ${t.count(group.count)}`,
    household_add: `${t.adds} ${t.rooms(group.doors)}`,
    door_wish: `${t.wishes} ${t.count(group.count)}`,
    alert: `${t.alerts} ${t.count(group.count)}`,
    shift: `${t.shifts} ${t.count(group.count)}`,
    scam_note: `${t.tricks} ${t.count(group.count)}`,
    card_read: `${t.reads} ${t.count(group.count)}`,
    quiz_result: `${t.quizzes} ${t.count(group.count)}`,
    session_log: `${t.sessions} ${t.count(group.count)}`,
    leaflet_take: `${t.leaflets} ${t.count(group.count)}`,
    flag_explain: `${t.explanations} ${t.count(group.count)}`,
    recheck: `${t.rechecks} ${t.count(group.count)}`,
  };
  const icons = {
    visit: 'door',
    void: 'undo',
    household_add: 'plus',
    door_wish: 'moon',
    alert: 'bell',
    shift: 'clock',
    scam_note: TALK,
    card_read: TALK,
    quiz_result: TALK,
    session_log: 'user',
    leaflet_take: 'undo',
    flag_explain: TALK,
    recheck: 'search',
  } as const;
  const shown = group.rooms.slice(0, ROOMS_SHOWN).join(' ');
  const others = group.alsoBy.length > 0 ? t.alsoBy(group.alsoBy.join(' ')) : '';
  return (
    <div>
      <Icon name={icons[group.type]} />
      <span class="grow">
        <b>{names[group.type]}</b>
        <br />
        <span class="cap">
          {group.building && (
            <>
              {group.building}
              <i class="sep"> </i>
            </>
          )}
          {shown}
          {group.rooms.length > ROOMS_SHOWN && ' …'}
        </span>
        {others && (
          <>
            <br />
            <span class="cap">{others}</span>
          </>
        )}
      </span>
      <span class="cap nowrap">{when(group.last, day())}</span>
    </div>
  );
}

function Queue({ items }: { items: readonly OutboxItem[] }) {
  const t = words.value.outbox;
  const { lastSyncAt } = state.sync.value;
  return (
    <>
      <div class="section">
        <h2>
          {t.queue} <span class="cap">{t.count(items.length)}</span>
        </h2>
        <span class="cap">{lastSyncAt === null ? t.never : t.lastSync(clock(lastSyncAt))}</span>
      </div>
      {items.length > 0 && (
        <section class="card rows q" aria-label={t.queue}>
          {groupsOf(items).map((group) => (
            <Row key={group.key} group={group} />
          ))}
        </section>
      )}
    </>
  );
}

function Trouble() {
  const t = words.value.outbox;
  const { error, unsent } = state.sync.value;
  const signedOut = state.session.value.state === 'sign_in_again';
  if (signedOut || error === 'sign_in') {
    return (
      <Notice icon="lock" tone="warn">
        {t.signInLead}
      </Notice>
    );
  }
  if (state.session.value.state === 'revoked' || error === 'revoked') {
    return (
      <Notice icon="warn" tone="warn">
        {t.revokedLead}
      </Notice>
    );
  }
  if (error === 'server' && unsent > 0) {
    return (
      <Notice icon="cloudOff" tone="warn">
        {t.errors.server}
      </Notice>
    );
  }
  if (error === 'storage') {
    return (
      <Notice icon="warn" tone="warn">
        {text.value.log.full}
      </Notice>
    );
  }
  return null;
}

function Send() {
  const t = words.value.outbox;
  const { online, syncing, unsent } = state.sync.value;
  const session = state.session.value.state;
  if (session === 'sign_in_again' || (session === 'revoked' && unsent === 0)) {
    return (
      <Button kind="primary" size="lg" icon="lock" block onPress={() => go('/sign-in')}>
        {t.signIn}
      </Button>
    );
  }
  return (
    <Button
      kind="primary"
      size="lg"
      icon="cloudUp"
      block
      disabled={!online || syncing}
      onPress={() => void syncNow()}
    >
      {online ? (syncing ? text.value.sync.busy : t.send) : t.waitNetwork}
    </Button>
  );
}

/** Asked for rarely: the sheet and the encryption are loaded then, from the phone itself. */
function useRescue() {
  const sheet = useSignal<FunctionComponent<{ onClose: () => void }> | null>(null);
  const open = (): void => {
    import('./RescueSheet').then(
      ({ RescueSheet }) => {
        sheet.value = RescueSheet;
      },
      () => toast({ title: text.value.common.unknown }),
    );
  };
  const Shown = sheet.value;
  const close = (): void => {
    sheet.value = null;
  };
  return { open, over: Shown && <Shown onClose={close} /> };
}

/** What waits, what is held and why, in plain words. Of what is locked, only how much it is. */
export function Outbox() {
  const t = words.value.outbox;
  const rescue = useRescue();
  const revoked = state.session.value.state === 'revoked';
  const items = state.outbox.value;
  const unsent = items.filter((item) => item.status === 'unsent');
  const open = items.filter((item) => item.status !== 'unsent');
  useEffect(() => {
    void refreshStorageInfo();
  }, []);
  return (
    <Screen
      title={t.title}
      memory="outbox"
      class="outbox"
      bar={
        <AppBar title={t.title} backTo={revoked ? undefined : '/me'}>
          <SyncPill />
        </AppBar>
      }
      dock={
        <>
          {!rescue.over && <ToastSlot />}
          <div class="two-buttons">
            <Button kind="secondary" size="lg" icon="download" onPress={rescue.open}>
              {t.rescue}
            </Button>
            <Send />
          </div>
        </>
      }
      over={rescue.over}
      tabs={revoked ? null : <Tabs current="/me" />}
    >
      <Safe />
      <PhoneNotices />
      <Trouble />
      {revoked ? (
        <button type="button" class="link" onClick={() => go('/sign-in')}>
          {t.signIn}
        </button>
      ) : (
        <>
          <Remarks />
          <Look items={open} />
          {unsent.length === 0 && <ShiftCard />}
          <Queue items={unsent} />
          {unsent.length > 0 && <ShiftCard />}
          <p class="cap kept">{t.bothKept}</p>
          <StorageCard />
        </>
      )}
    </Screen>
  );
}
