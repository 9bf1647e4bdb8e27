import { useState } from 'preact/hooks';
import { day, doorHistory } from '../../core/field';
import type { Door, HistoryItem } from '../../core/types';
import { text } from '../../i18n';
import { Facts } from '../../ui/Facts';
import { when } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { OUTCOME_ICON } from '../../ui/states';

type Actions = {
  onCorrect: (item: HistoryItem) => void;
  onVoid: (item: HistoryItem) => void;
};

/** Outcome and what went with it: `已宣传 · 传单 1 · 帮他装好`. */
export function visitDetails(visit: Pick<HistoryItem, 'app' | 'leaflets'>): string[] {
  const t = text.value;
  return [
    visit.leaflets > 0 ? t.log.leafletCount(visit.leaflets) : '',
    visit.app ? t.appStatus[visit.app] : '',
  ].filter(Boolean);
}

function statusWord(item: HistoryItem): string {
  const t = text.value.log;
  if (item.voided) return t.voided;
  if (item.status === 'unsent') return t.unsent;
  if (item.status === 'held' || item.status === 'refused') return t.held;
  return item.status === 'waiting' ? t.waitingServer : '';
}

function Entry({ item, onCorrect, onVoid }: { item: HistoryItem } & Actions) {
  const t = text.value;
  const who = item.mine ? t.log.me : (item.by ?? t.log.someone);
  const flags = (item.flags ?? []).map((flag) => t.flag[flag]);
  const facts = [...visitDetails(item), ...flags];
  const status = statusWord(item);
  const warnings: Record<string, string> = t.outbox.warnings;
  return (
    <li data-void={item.voided ? '' : undefined}>
      <Icon name={OUTCOME_ICON[item.outcome]} />
      <div class="grow">
        <div class="spread">
          <b>{t.outcome[item.outcome]}</b>
          <span class="cap">
            <Facts of={[who, when(item.moment, day())]} />
          </span>
        </div>
        {facts.length > 0 && (
          <p class="cap">
            <Facts of={facts} />
          </p>
        )}
        {item.note && <p class="note">{item.note}</p>}
        {status && <p class="cap">{status}</p>}
        {item.warning && <p class="error">{warnings[item.warning] ?? t.outbox.warnings.other}</p>}
        {item.mayVoid && !item.voided && (
          <p class="acts">
            <button type="button" class="link" onClick={() => onCorrect(item)}>
              {t.log.correct}
            </button>
            <button type="button" class="link" onClick={() => onVoid(item)}>
              {t.log.void}
            </button>
          </p>
        )}
      </div>
    </li>
  );
}

/** Who was here, when, and with what outcome; own entries can be put right. */
export function History({ door, ...actions }: { door: Door } & Actions) {
  const t = text.value.log;
  const [open, setOpen] = useState(false);
  const { items, earlier } = doorHistory(door.building, door.household);
  const count = items.length + earlier;
  if (count === 0) return null;
  return (
    <section class="history">
      <button type="button" class="row" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name="history" />
        <span class="grow">
          {t.history} <span class="cap">{count}</span>
        </span>
        <Icon name={open ? 'up' : 'down'} size="s" />
      </button>
      {open && (
        <ol>
          {items.map((item) => (
            <Entry key={item.id} item={item} {...actions} />
          ))}
          {earlier > 0 && <li class="cap">{t.older(earlier)}</li>}
        </ol>
      )}
    </section>
  );
}
