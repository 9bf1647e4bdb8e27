/** Which kind of leaflets is handed out now. */
import type { LeafletKindRow } from '../../contract';
import { state } from '../../core/field';
import type { Desk } from '../../sync/desk';

export const GENERAL = 'general';

/** The kind that visits and sessions hand out: the one chosen, as long as the community has it. */
export function carried(desk: Desk): string {
  const { leaflet } = state.preferences.value;
  const known = desk
    .rows<LeafletKindRow>('community', 'leaflet_kind')
    .some(({ id, retired }) => id === leaflet && !retired);
  return known ? leaflet : GENERAL;
}
