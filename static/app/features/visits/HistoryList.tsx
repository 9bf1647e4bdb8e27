import { day } from '../../core/field';
import type { DoorHistory, HistoryItem } from '../../core/types';
import { text } from '../../i18n';
import { Facts } from '../../ui/Facts';
import { when } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { OUTCOME_ICON } from '../../ui/states';
import { words as outbox } from '../operations/texts';
import { visitDetails } from './details';
import { words } from './texts';

export type Actions = {
  onCorrect: (item: HistoryItem) => void;
  onVoid: (item: HistoryItem) => void;
};

function statusWord(item: HistoryItem): string {
  const t = words.value.history;
  if (item.voided) return t.voided;
  if (item.status === 'unsent') return t.unsent;
  if (item.status === 'held' || item.status === 'refused') return t.held;
  return item.status === 'waiting' ? t.waitingServer : '';
}

function Entry({ item, onCorrect, onVoid }: { item: HistoryItem } & Actions) {
  const t = words.value.history;
  const { outcome, flag } = text.value;
  const who = item.mine ? t.me : (item.by ?? t.someone);
  const flags = (item.flags ?? []).map((one) => flag[one]);
  const facts = [...visitDetails(item), ...flags];
  const status = statusWord(item);
  const warnings: Record<string, string> = outbox.value.outbox.warnings;
  return (
    <li data-void={item.voided ? '' : undefined}>
      <Icon name={OUTCOME_ICON[item.outcome]} />
      <div class="grow">
        <div class="spread">
          <b>{outcome[item.outcome]}</b>
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
        {item.warning && <p class="error">{warnings[item.warning] ?? warnings['other']}</p>}
        {item.mayVoid && !item.voided && (
          <p class="acts">
            <button type="button" class="link" onClick={() => onCorrect(item)}>
              {t.correct}
            </button>
            <button type="button" class="link" onClick={() => onVoid(item)}>
              {t.void}
            </button>
          </p>
        )}
      </div>
    </li>
  );
}

/** Every visit of a door, newest first. */
export function HistoryList({ items, earlier, ...actions }: DoorHistory & Actions) {
  return (
    <ol>
      {items.map((item) => (
        <Entry key={item.id} item={item} {...actions} />
      ))}
      {earlier > 0 && <li class="cap">{words.value.history.older(earlier)}</li>}
    </ol>
  );
}
