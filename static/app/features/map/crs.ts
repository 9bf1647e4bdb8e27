/**
 * The coordinate systems that Chinese maps are drawn in. Everything is kept in WGS-84; what lies on a
 * base map of another system is moved there to be drawn, and back when somebody points at it.
 */
import gcoord from 'gcoord';

export type System = 'wgs84' | 'gcj02' | 'bd09';
export type Place = { lat: number; lon: number };

const TYPES = { wgs84: gcoord.WGS84, gcj02: gcoord.GCJ02, bd09: gcoord.BD09 } as const;

/** A place in WGS-84 as the base map has it. */
export const toBase = ({ lat, lon }: Place, system: System): Place =>
  moved(lat, lon, 'wgs84', system);

/** The inverse of `toBase`, to within a hand's breadth. */
export const fromBase = ({ lat, lon }: Place, system: System): Place =>
  moved(lat, lon, system, 'wgs84');

/** Metres of Baidu's tile grid, of a place in BD-09. */
export function toGrid({ lat, lon }: Place): { x: number; y: number } {
  const [x = 0, y = 0] = gcoord.transform([lon, lat], gcoord.BD09, gcoord.BD09MC);
  return { x, y };
}

export function fromGrid({ x, y }: { x: number; y: number }): Place {
  const [lon = 0, lat = 0] = gcoord.transform([x, y], gcoord.BD09MC, gcoord.BD09);
  return { lat, lon };
}

function moved(lat: number, lon: number, from: System, to: System): Place {
  if (from === to) return { lat, lon };
  const [x = lon, y = lat] = gcoord.transform([lon, lat], TYPES[from], TYPES[to]);
  return { lat: y, lon: x };
}
