/** What is in the bag. */
import type { LeafletBagRow, LeafletKindRow } from '../../contract';
import type { Desk } from '../../sync/desk';
import { GENERAL } from './given';

export interface Carried {
  id: string;
  name: string;
  picture: string;
  left: number;
}

/** Counted already, or never. */
const SETTLED: readonly string[] = ['held', 'dismissed', 'waiting', 'refused'];

/**
 * What the bag holds: as the server knows it, and what was recorded here since. The general kind
 * first, then those that are offered or still in the bag.
 */
export function bagOf(desk: Desk, general: string): Carried[] {
  const left = new Map(
    desk.rows<LeafletBagRow>('me', 'leaflet_bag').map((row) => [row.id, row.left]),
  );
  const own = [...desk.operations.values()].filter(({ status }) => !SETTLED.includes(status));
  const counted = new Map(own.map(({ id, text, sealed }) => [id, sealed ? {} : JSON.parse(text)]));
  for (const told of [...counted.values()]) {
    if (told.type === 'void') counted.delete(told.operation);
  }
  for (const told of counted.values()) {
    if (told.type === 'leaflet_take') add(told.kind ?? GENERAL, told.count);
    if (told.type !== 'visit' && told.type !== 'session_log') continue;
    for (const [kind, n] of Object.entries(told.leaflets ?? {})) add(kind, -Number(n));
  }
  function add(kind: string, n: number): void {
    left.set(kind, (left.get(kind) ?? 0) + n);
  }
  const kinds = desk.rows<LeafletKindRow>('community', 'leaflet_kind');
  const first = kinds.find(({ id }) => id === GENERAL);
  const rest = kinds
    .filter(({ id, retired }) => id !== GENERAL && (!retired || left.get(id)))
    .sort((a, b) => a.name.localeCompare(b.name, 'zh'));
  return [
    { id: GENERAL, name: first?.name ?? general, picture: first?.picture ?? '' },
    ...rest.map(({ id, name, picture }) => ({ id, name, picture })),
  ].map((one) => ({ ...one, left: left.get(one.id) ?? 0 }));
}
