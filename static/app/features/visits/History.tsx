import { useState } from 'preact/hooks';
import { doorHistory } from '../../core/field';
import type { Door } from '../../core/types';
import { text } from '../../i18n';
import { Icon } from '../../ui/Icon';
import { lazy } from '../../ui/lazy';
import type { Actions } from './HistoryList';

const HistoryList = lazy(async () => (await import('./HistoryList')).HistoryList, 'part');

/** Who was here, when, and with what outcome; own entries can be put right. */
export function History({ door, ...actions }: { door: Door } & Actions) {
  const [open, setOpen] = useState(false);
  const history = doorHistory(door.building, door.household);
  const count = history.items.length + history.earlier;
  if (count === 0) return null;
  return (
    <section class="history">
      <button type="button" class="row" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name="history" />
        <span class="grow">
          {text.value.log.history} <span class="cap">{count}</span>
        </span>
        <Icon name={open ? 'up' : 'down'} size="s" />
      </button>
      {open && <HistoryList {...history} {...actions} />}
    </section>
  );
}
