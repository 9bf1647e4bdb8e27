import type { Place } from './crs';

/** Whether a place lies within a ring, by how often a ray to the east crosses it (even-odd). */
export function inside({ lat, lon }: Place, ring: readonly Place[]): boolean {
  let within = false;
  let from = ring[ring.length - 1];
  for (const to of ring) {
    if (from && to.lat > lat !== from.lat > lat) {
      const crossing = to.lon + ((lat - to.lat) / (from.lat - to.lat)) * (from.lon - to.lon);
      if (lon < crossing) within = !within;
    }
    from = to;
  }
  return within;
}
