/**
 * The outlines around one's own buildings: asked for when the map opens with a network, kept with the
 * member's data, so that the map works in every stairwell after it was seen once.
 */
import type { MapAnswer } from '../../contract';
import { call } from '../../core/api';
import { here } from '../recording';

const STORE = 'map';
const KEY = 'area';

export async function keptArea(): Promise<MapAnswer | null> {
  const { store } = here().desk;
  return (await store.read([STORE], (tx) => tx.get<MapAnswer>(STORE, KEY))) ?? null;
}

/** The server's present word; null when it is the kept one. Throws ApiError without a network. */
export async function fetchArea(kept: MapAnswer | null): Promise<MapAnswer | null> {
  const { desk } = here();
  const known = kept ? `?known=${encodeURIComponent(kept.version)}` : '';
  const { data } = await call<MapAnswer>(`/map${known}`);
  if (data.same) return null;
  await desk.store.write([STORE], (tx) => tx.put(STORE, KEY, data), 'relaxed');
  return data;
}
