/** Coordinates as people type them: latitude first. */
import type { Place } from './crs';

const PAIR = /^\s*(-?\d{1,3}(?:\.\d+)?)\s*[,，;；\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/;

/** `29.9621, 106.2648`; null for anything that is no place on earth. */
export function readPlace(text: string): Place | null {
  const found = PAIR.exec(text);
  if (!found) return null;
  let [lat, lon] = [Number(found[1]), Number(found[2])];
  if (Math.abs(lat) > 90 && Math.abs(lon) <= 90) [lat, lon] = [lon, lat];
  return Math.abs(lat) <= 85 && Math.abs(lon) <= 180 ? { lat, lon } : null;
}

/** One place a line; null when a line is none. */
export function readPlaces(text: string): Place[] | null {
  const lines = text.split('\n').filter((line) => line.trim());
  const places = lines.map(readPlace);
  return places.some((place) => place === null) ? null : (places as Place[]);
}

/** To a tenth of a metre. */
export const writePlace = ({ lat, lon }: Place): string => `${lat.toFixed(6)}, ${lon.toFixed(6)}`;
