/** The community and its team as the last pull told them. */
import { state } from '../../core/field';
import { leaveMark } from '../../core/mark';
import type { ReceiptInfo } from '../../core/types';
import type { CommunityRow, MemberRow, Row } from '../../core/wire';
import type { Desk, Feature } from '../../sync/desk';

export const memberFeature: Feature = {
  async completed(change) {
    const row = communityRow(change.bucket('community').values());
    // Stays when the bucket is erased: what is locked can still be saved for the desk.
    if (row?.public_key) change.meta.publicKey = row.public_key;
  },

  publish(desk) {
    const bucket = desk?.bucket('community') ?? null;
    if (!bucket || bucket !== shownBucket) tellCommunity(desk);
    shownBucket = bucket;
    state.receipt.value = desk && receiptOf(desk);
    if (desk) leaveMark({ lastSyncAt: desk.meta.lastSyncAt });
    const operations = [...(desk?.operations.values() ?? [])];
    const waiting = operations.filter(({ status }) => status === 'unsent').length;
    const open = operations.filter(({ status }) => OPEN.includes(status)).length;
    state.sync.value = {
      ...state.sync.value,
      unsent: waiting,
      open,
      lastSyncAt: desk?.meta.lastSyncAt ?? null,
      firstPull: !desk?.meta.lastSyncAt,
    };
  },
};

/** A bucket that changes is another object: what did not change is not told again. */
let shownBucket: ReadonlyMap<string, Row> | null = null;

function tellCommunity(desk: Desk | null): void {
  state.community.value = desk && communityOf(desk);
  state.team.value = (desk?.rows<MemberRow>('community', 'member') ?? []).map(
    ({ id, name, role, lead = false, deputy = false }) => ({ id, name, role, lead, deputy }),
  );
}

const OPEN: readonly string[] = ['waiting', 'held', 'refused'];

function receiptOf({ meta }: Desk): ReceiptInfo | null {
  if (!meta.receipt) return null;
  const { count, at, different } = meta.receipt;
  const all = different.length === 0 && count === meta.log.count + meta.pruned.count;
  return { count, at, all, different: different.length };
}

function communityOf(desk: Desk): (typeof state.community)['value'] {
  const row = communityRow(desk.bucket('community').values());
  if (!row) return null;
  return {
    id: Number(row.id),
    name: row.name,
    region: row.region,
    timezone: row.timezone,
    phone: row.phone ?? null,
    publicityTarget: row.publicity_target,
    appTarget: row.app_target,
    headline: row.headline,
    leafletDefault: row.leaflet_default,
  };
}

function communityRow(rows: Iterable<Row>): CommunityRow | undefined {
  return [...rows].find((row): row is CommunityRow => row.kind === 'community');
}
