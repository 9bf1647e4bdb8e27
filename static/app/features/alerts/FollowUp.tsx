import type { MyFollowUpRow } from '../../contract';
import { state } from '../../core/field';
import { AppBar } from '../../ui/AppBar';
import { Blank } from '../../ui/Blank';
import { Button } from '../../ui/Button';
import { Facts } from '../../ui/Facts';
import { daysBetween, longDay, shortDay } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { Notice } from '../../ui/Notice';
import { back, go } from '../../ui/router';
import { Screen } from '../../ui/Screen';
import { ToastSlot } from '../../ui/Toast';
import { isIos } from '../accounts/install';
import { SyncPill } from '../operations/SyncPill';
import { typeName } from './AlertCard';
import { FollowUpSheet } from './FollowUpSheet';
import { MESSAGE, PEOPLE } from './icons';
import { smsLink, smsText, tailOf, telLink, wayLink } from './links';
import { scriptCard } from './script';
import { dues } from './state';
import { words } from './texts';
import './alerts.css';
import './alert.css';

function dueSaid(on: string): string {
  const t = words.value.due;
  const late = daysBetween(on, state.today.value.day);
  if (late > 0) return t.late(late);
  return late === 0 ? t.today : t.on(shortDay(on));
}

function Ways({ due }: { due: MyFollowUpRow }) {
  const t = words.value.alert;
  const { phone = '' } = due;
  const ios = isIos();
  const session = state.session.value;
  const me = 'person' in session ? session.person.name : '';
  const way = wayLink(due, ios);
  const text = smsText(due, me, state.community.value?.name ?? '');
  const tile = (link: string | null, icon: Parameters<typeof Icon>[0]['name'], label: string) =>
    link ? (
      <a class="act" href={link}>
        <Icon name={icon} size="l" />
        {label}
      </a>
    ) : (
      <span class="act off">
        <Icon name={icon} size="l" />
        {label}
      </span>
    );
  return (
    <div class="acts">
      {tile(phone ? telLink(phone) : null, 'call', t.call)}
      {tile(phone ? smsLink(phone, text, ios) : null, MESSAGE, t.message)}
      {tile(way, 'walk', t.door)}
    </div>
  );
}

function Person({ due }: { due: MyFollowUpRow }) {
  const t = words.value;
  const { resident_name = '', unit = '', room = '', place = '', caretaker, phone = '' } = due;
  const Script = scriptCard();
  return (
    <>
      <section class="clock" data-calm="">
        <div class="grow">
          <h2 class="wrap">
            {resident_name || t.list.number(due.number)}
            {typeof due.age === 'number' ? ` ${t.alert.age(due.age)}` : ''}
          </h2>
          <p class="wrap">
            <b>{t.alert.place(place, unit, room) || due.place_text}</b>
          </p>
          <p class="cap">
            <Facts
              of={[
                typeName(due.scam_type),
                due.outcome ? t.due.before(t.outcome[due.outcome]) : '',
                phone ? t.alert.tail(tailOf(phone)) : '',
              ]}
            />
          </p>
        </div>
      </section>
      <Ways due={due} />
      {caretaker && (
        <div class="spot later">
          <Icon name={PEOPLE} />
          <p class="wrap">
            {t.alert.firstKnown}
            <q>{t.alert.known(caretaker.role, caretaker.name)}</q>
          </p>
        </div>
      )}
      {due.repeat && (
        <Notice icon="history" tone="warn">
          {t.alert.repeatLead}
        </Notice>
      )}
      {Script && <Script type={due.scam_type ?? null} />}
    </>
  );
}

function Missing() {
  const t = words.value;
  return (
    <Screen title={t.due.missing} bar={<AppBar title="" backTo="/alerts" />}>
      <Blank title={t.due.missing}>
        <p>{t.due.missingLead}</p>
        <Button kind="soft" onPress={() => go('/alerts', { replace: true })}>
          {t.alert.toList}
        </Button>
      </Blank>
    </Screen>
  );
}

/** A day on which to ask again: who it is, how to reach them, and what has become of it. */
export function FollowUp({ id, over }: { id: string; over?: string }) {
  const t = words.value.due;
  const due = dues.value.find((one) => one.id === id);
  if (!due) return <Missing />;
  const base = `/follow-up/${id}`;
  const title = `${t.title} ${words.value.list.number(due.number)}`;
  const sheet = over === 'record' && (
    <FollowUpSheet
      due={due}
      onClose={() => back(base)}
      onDone={() => go('/alerts', { replace: true })}
    />
  );
  return (
    <Screen
      title={title}
      class="alert"
      over={sheet}
      bar={
        <AppBar title={title} caption={t.step(due.step)} backTo="/alerts">
          <SyncPill />
        </AppBar>
      }
      dock={
        <>
          {!sheet && <ToastSlot />}
          {due.opened && (
            <Button kind="primary" size="lg" icon="pen" block onPress={() => go(`${base}/record`)}>
              {t.record}
            </Button>
          )}
        </>
      }
    >
      <Notice icon="calendar" tone={due.due_on <= state.today.value.day ? 'warn' : 'plain'}>
        <b>{dueSaid(due.due_on)}</b>
        <br />
        {longDay(due.due_on)}
        {!due.opened && (
          <>
            <br />
            {t.notYet}
          </>
        )}
      </Notice>
      {due.opened && <Person due={due} />}
    </Screen>
  );
}
