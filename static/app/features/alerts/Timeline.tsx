import { day } from '../../core/field';
import { Facts } from '../../ui/Facts';
import { when } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import type { IconName } from '../../ui/icons';
import type { Channel } from './codes';
import { given } from './given';
import { PEOPLE } from './icons';
import type { Entry, Working } from './lay';
import { yuanOf } from './money';
import { takeBackNow } from './saved';
import { nameOf } from './state';
import { words } from './texts';
import { CHANNEL_ICON } from './tiles';

/** So long what one wrote oneself can be taken back here (milliseconds). */
const FRESH = 30 * 60_000;

function iconOf({ type, channel, outcome }: Entry): IconName {
  if (channel) return CHANNEL_ICON[channel];
  if (outcome) return 'check';
  return type === 'follow_up' ? 'follow' : PEOPLE;
}

function who({ by }: Entry): string {
  const t = words.value.alert;
  return nameOf(by, t.me, t.someone);
}

function titleOf(entry: Entry, nth: number): string {
  const t = words.value;
  const { channel, result, outcome, action } = entry;
  if (channel && result) {
    return [t.way[channel], nth > 0 ? t.alert.nth(nth) : '', t.result[result]]
      .filter(Boolean)
      .join(' ');
  }
  if (outcome) return t.outcome[outcome];
  if (entry.type === 'follow_up') {
    const answer = entry.reached ? t.alert.reachedPerson : t.alert.notReached;
    return `${t.alert.followUp} ${entry.again ? t.alert.cheatedAgain : answer}`;
  }
  if (action === 'off') return t.alert.left(who(entry));
  return action === 'help' ? t.alert.calledHelp(who(entry)) : t.alert.joined(who(entry));
}

/** What else was said, a few words each. */
function factsOf(entry: Entry): string[] {
  const t = words.value;
  const { place, with_whom, stop_payment: stop, participant } = entry;
  const type = entry.confirmed ?? entry.suspected;
  return [
    ...(entry.reaction ?? []).map((code) => t.reaction[code]),
    place ? [t.placeKind[place.kind], place.text].filter(Boolean).join(' ') : '',
    with_whom?.length ? t.alert.withThem(with_whom.map((role) => t.role[role]).join(' ')) : '',
    entry.separate ? t.alert.apart : '',
    type ? t.scam[type] : '',
    typeof entry.at_risk === 'number' ? `${t.alert.atRisk} ${yuanOf(entry.at_risk)}` : '',
    typeof entry.remaining === 'number' ? `${t.alert.remaining} ${yuanOf(entry.remaining)}` : '',
    entry.frozen ? t.alert.frozen : '',
    stop ? t.decision[stop.decision] : '',
    participant ? [t.role[participant.role], participant.name].filter(Boolean).join(' ') : '',
    entry.note ?? '',
  ].filter(Boolean);
}

function statusOf({ status }: Entry): string {
  const t = words.value.alert;
  const known = { confirmed: '', unsent: t.unsent, waiting: t.waiting, held: t.held };
  return known[status];
}

type LineProps = { entry: Entry; nth: number; now: number; latest: boolean };

function Line({ entry, nth, now, latest }: LineProps) {
  const t = words.value.alert;
  const mine = entry.by === given.value.me;
  const facts = factsOf(entry);
  const status = statusOf(entry);
  const open = entry.status === 'held' || entry.status === 'waiting';
  return (
    <li class={latest ? 'now' : undefined} data-open={open ? '' : undefined}>
      <span class="dot">
        <Icon name={iconOf(entry)} />
      </span>
      <div class="row">
        <b>{titleOf(entry, nth)}</b>
        <time>{when(entry.moment, day())}</time>
      </div>
      {facts.length > 0 && (
        <p class="wrap">
          <Facts of={facts} />
        </p>
      )}
      <p class="cap">
        <span>
          <Facts of={[entry.type === 'alert_join' ? '' : who(entry), status]} />
        </span>
        {mine && now - entry.moment < FRESH && entry.status !== 'held' && (
          <button type="button" class="link" onClick={() => void takeBackNow([entry.id])}>
            {t.takeBack}
          </button>
        )}
      </p>
    </li>
  );
}

/** Which attempt of its kind each one is. */
function counted(entries: readonly Entry[]): { entry: Entry; nth: number }[] {
  const seen: Partial<Record<Channel, number>> = {};
  return entries.map((entry) => {
    const { channel } = entry;
    if (!channel || channel === 'message') return { entry, nth: 0 };
    const nth = (seen[channel] ?? 0) + 1;
    seen[channel] = nth;
    return { entry, nth };
  });
}

/** Everything that was done, the latest first, down to the moment the alert came. */
export function Timeline({ working, now }: { working: Working; now: number }) {
  const t = words.value.alert;
  const lines = counted(working.entries).reverse();
  return (
    <section class="card pad" aria-label={t.timeline}>
      <ol class="tl">
        {lines.map(({ entry, nth }, at) => (
          <Line key={entry.id} entry={entry} nth={nth} now={now} latest={at === 0} />
        ))}
        <li>
          <span class="dot">
            <Icon name="bell" />
          </span>
          <div class="row">
            <b>{t.received}</b>
            <time>{when(working.row.received_at, day())}</time>
          </div>
        </li>
      </ol>
    </section>
  );
}
