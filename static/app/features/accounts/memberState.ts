/** The community and its team as the last pull told them. */
import { state } from '../../core/field';
import type { CommunityRow, MemberRow } from '../../core/wire';
import type { Desk, Feature } from '../../sync/desk';

export const memberFeature: Feature = {
  publish(desk) {
    state.community.value = desk && communityOf(desk);
    state.team.value = (desk?.rows<MemberRow>('community', 'member') ?? []).map(
      ({ id, name, role, lead = false, deputy = false }) => ({ id, name, role, lead, deputy }),
    );
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

const OPEN: readonly string[] = ['waiting', 'held', 'refused'];

function communityOf(desk: Desk): (typeof state.community)['value'] {
  const row = desk.rows<CommunityRow>('community', 'community')[0];
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
