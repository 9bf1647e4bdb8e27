/** What this member is asked: about records of their own that look odd, and to ask at doors again. */
import { signal } from '@preact/signals';
import type { FlagExplain, FlagRow, RecheckAnswer, RecheckRow } from '../../contract';
import type { Desk, Feature } from '../../sync/desk';

interface Asked {
  flags: readonly FlagRow[];
  rechecks: readonly RecheckRow[];
}

const NOTHING: Asked = { flags: [], rechecks: [] };
const TYPES: readonly (string | undefined)[] = ['flag_explain', 'recheck'];

/** What has no answer yet, those on their way to the server left out. */
export const asked = signal(NOTHING);

/** A bucket that changes is another object; own operations only come and go. */
let before: readonly unknown[] = [];

export const qualityFeature: Feature = {
  publish(desk) {
    const own = desk ? [...desk.operations.values()] : [];
    const mine = own.filter(({ type, voids }) => TYPES.includes(voids ?? type));
    const now = [desk?.bucket('me'), ...mine];
    if (now.length === before.length && now.every((one, i) => one === before[i])) return;
    before = now;
    asked.value = desk ? open(desk, mine) : NOTHING;
  },
};

function open(desk: Desk, mine: readonly { status: string; text: string }[]): Asked {
  const told = mine
    .filter(({ status }) => status !== 'dismissed')
    .map(({ text }) => JSON.parse(text) as FlagExplain | RecheckAnswer | { operation: string });
  const taken = new Set(told.map((one) => ('operation' in one ? one.operation : '')));
  const done = new Set<string>();
  for (const one of told) {
    if ('flag' in one && !taken.has(one.id)) done.add(one.flag);
    // Nobody at home leaves the door to be done.
    if ('answer' in one && one.answer !== 'no_answer' && !taken.has(one.id)) done.add(one.recheck);
  }
  return {
    flags: desk
      .rows<FlagRow>('me', 'visit_flag')
      .filter(({ id, status }) => status === 'open' && !done.has(id)),
    rechecks: desk.rows<RecheckRow>('me', 'recheck').filter((row) => row.open && !done.has(row.id)),
  };
}
