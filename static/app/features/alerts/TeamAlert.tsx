import { useSignal } from '@preact/signals';
import type { AlertRow } from '../../contract';
import { day, state, syncNow } from '../../core/field';
import { AppBar } from '../../ui/AppBar';
import { Button } from '../../ui/Button';
import { Facts } from '../../ui/Facts';
import { clock, when } from '../../ui/format';
import { Notice } from '../../ui/Notice';
import { Screen } from '../../ui/Screen';
import { ToastSlot, toast } from '../../ui/Toast';
import { SyncPill } from '../operations/SyncPill';
import { saveProblem } from '../visits/problems';
import { calledName, LevelPill, typeName } from './AlertCard';
import { Countdown } from './Countdown';
import { Ladder, stepRungs } from './Ladder';
import { useNow } from './now';
import { type Answer, take } from './online';
import { isWithheld, nameOf } from './state';
import { words } from './texts';

const name = (member: string): string =>
  nameOf(member, words.value.alert.me, words.value.alert.someone);

/** Why it was not taken, and what one can do. */
function refused(answer: Answer): { title: string; lead: string } | null {
  const t = words.value.team;
  if (answer.kind === 'taken') {
    return { title: t.faster(answer.by.map(name).join(' ')), lead: t.fasterLead };
  }
  if (answer.kind === 'offline') return { title: t.offline, lead: t.offlineLead };
  if (answer.kind === 'closed') return { title: t.gone, lead: '' };
  return answer.kind === 'failed' ? { title: t.failed, lead: '' } : null;
}

/** The answer stays when somebody was faster: then there is nothing to take any more. */
function Take({ row }: { row: AlertRow }) {
  const t = words.value.team;
  const busy = useSignal(false);
  const answer = useSignal<Answer | null>(null);
  const { online } = state.sync.value;
  const press = async (): Promise<void> => {
    if (busy.value) return;
    busy.value = true;
    answer.value = null;
    try {
      answer.value = await take(row.id);
      if (answer.value.kind !== 'offline') await syncNow();
    } catch (error) {
      toast({ title: saveProblem(error) });
    } finally {
      busy.value = false;
    }
  };
  const offline = row.offered && !online ? refused({ kind: 'offline' }) : null;
  const why = answer.value ? refused(answer.value) : offline;
  const label = row.help && row.working?.length ? t.join : t.take;
  return (
    <>
      {why && (
        <Notice icon={online ? 'warn' : 'cloudOff'} tone="warn" alert>
          <b>{why.title}</b>
          {why.lead && (
            <>
              <br />
              {why.lead}
            </>
          )}
        </Notice>
      )}
      {row.offered && !why && <p class="cap center">{t.takeLead}</p>}
      {row.offered && (
        <Button
          kind="primary"
          size="lg"
          icon="check"
          block
          disabled={busy.value || !online}
          onPress={() => void press()}
        >
          {busy.value ? t.taking : label}
        </Button>
      )}
    </>
  );
}

function Withheld() {
  const t = words.value.list;
  const { online } = state.sync.value;
  return (
    <>
      <Notice icon="lock" tone="warn">
        <b>{t.lost}</b>
        <br />
        {t.lostLead}
      </Notice>
      <Button
        kind="primary"
        size="lg"
        icon="refresh"
        block
        disabled={!online}
        onPress={() => void syncNow()}
      >
        {t.refresh}
      </Button>
    </>
  );
}

/** What the whole team may know of an alert; taking it hands out the rest. */
export function TeamAlert({ row }: { row: AlertRow }) {
  const t = words.value;
  const now = useNow(1_000);
  const open = row.status === 'open';
  const on = row.working?.length ? row.working : (row.assigned ?? []);
  const title = t.list.number(row.number);
  return (
    <Screen
      title={title}
      class="alert"
      bar={
        <AppBar title={title} backTo="/alerts">
          <SyncPill />
        </AppBar>
      }
      dock={
        <>
          <ToastSlot />
          {isWithheld(row) && open ? <Withheld /> : <Take row={row} />}
        </>
      }
    >
      <section class="clock" data-calm={open && !row.in_contact_at ? undefined : ''}>
        {open && <Countdown alert={row} now={now} size="l" />}
        <div class="grow">
          <h2 class="wrap">{row.place || t.list.noPlace}</h2>
          <p>
            <b>{typeName(row.scam_type)}</b>
          </p>
          <p class="cap">
            {open && !row.in_contact_at ? t.alert.before(clock(row.deadline)) : ''}
            {row.in_contact_at ? t.alert.reachedAt(clock(row.in_contact_at)) : ''}
          </p>
        </div>
      </section>
      <section class="card rows" aria-label={title}>
        <div>
          <LevelPill level={row.level} />
          <span class="grow">{open ? <Ladder {...stepRungs(row)} /> : null}</span>
        </div>
        {row.outcome && (
          <div>
            <span class="grow">{t.alert.result}</span>
            <b>{t.outcome[row.outcome]}</b>
          </div>
        )}
        <div>
          <span class="grow wrap">
            <Facts
              of={[
                on.length > 0 ? t.team.worked(on.map(name).join(' ')) : t.list.nobody,
                t.team.attempts(row.attempts ?? 0),
                row.last
                  ? t.team.last(`${t.way[row.last.channel]} ${t.result[row.last.result]}`)
                  : '',
                row.help ? t.list.helpWanted : '',
                calledName(row),
                row.reopened ? t.list.reopened : '',
                row.look_again ? t.list.lookAgain : '',
                row.late_reason ? t.alert.lateReason(row.late_reason) : '',
              ]}
            />
          </span>
        </div>
        <div>
          <span class="grow">{t.alert.received}</span>
          <span class="cap">{when(row.received_at, day())}</span>
        </div>
        {row.closed_at ? (
          <div>
            <span class="grow">{t.list.closed}</span>
            <span class="cap">{when(row.closed_at, day())}</span>
          </div>
        ) : null}
      </section>
    </Screen>
  );
}
