/** What of trust has to be there from the start; the screens and the fetching come later. */
import { idle } from '../../core/idle';
import type { Desk, Feature } from '../../sync/desk';
import { BADGE } from '../../sync/device';
import { counts } from '../../sync/operations';
import { type BadgeRow, given, type Kept, type LateRow, NOTHING, type ShiftRow } from './given';

let kept: Kept | null = null;

export const trustFeature: Feature = {
  async load(_desk, tx) {
    kept = (await tx.get<Kept>('meta', BADGE)) ?? null;
  },

  publish(desk) {
    if (!desk) return show(null);
    show(desk);
    if (wanting()) idle(() => void fetchWhatIsWanting(desk));
  },
};

let bucket: unknown = null;

function show(desk: Desk | null): void {
  if (!desk) {
    kept = null;
    bucket = null;
    given.value = NOTHING;
    return;
  }
  const me = desk.bucket('me');
  const own = [...desk.operations.values()].filter((one) => one.type === 'shift' && counts(one));
  const before = given.value;
  const same = own.length === before.own.length && own.every((one, i) => one === before.own[i]);
  if (me === bucket && same && kept === before.kept) return;
  bucket = me;
  const shift = desk.rows<ShiftRow>('me', 'shift')[0];
  const badges = desk.rows<BadgeRow>('me', 'badge');
  given.value = {
    badge: badges.find(({ status }) => status !== 'revoked') ?? null,
    shift: shift?.since && shift.until ? { since: shift.since, until: shift.until } : null,
    late: desk.rows<LateRow>('me', 'late_shift').filter(({ until }) => until !== null),
    own,
    device: desk.member.device.id,
    kept,
  };
}

/** The key or the photo is not here yet, or is one that no longer counts. */
function wanting(): boolean {
  const { badge, device, kept: has } = given.value;
  if (badge?.status !== 'active') return !badge && has !== null;
  const mine = badge.device === null || badge.device === device;
  if (has?.badge !== badge.id || !mine) return mine || has !== null;
  return (has.photo?.digest ?? null) !== badge.photo;
}

/** Failing, it is tried again with the next news. */
async function fetchWhatIsWanting(desk: Desk): Promise<void> {
  const { bringUpToDate } = await import('./keys');
  await bringUpToDate(desk);
}

/** Written down by `keys`; every screen follows. */
export function keep(desk: Desk, now: Kept | null): void {
  kept = now;
  show(desk);
}
