/** Where the phone is, for walking distances and for a visit's `distance_m`. Never sent by itself. */
import { state } from './field';
import type { Position } from './types';

/** Fixes worse than this say nothing about a building (metres). */
const WORST = 100;
/** A fix older than this is of another stairwell. */
const FRESH = 120_000;
const EARTH = 6_371_000;

let watch: number | null = null;

export function watchPosition(): void {
  if (watch !== null || !('geolocation' in navigator)) return;
  watch = navigator.geolocation.watchPosition(
    ({ coords, timestamp }) => {
      const { latitude: lat, longitude: lon, accuracy } = coords;
      state.position.value = { lat, lon, accuracy, at: timestamp };
    },
    () => stop(),
    { enableHighAccuracy: false, maximumAge: 60_000 },
  );
}

function stop(): void {
  if (watch !== null) navigator.geolocation.clearWatch(watch);
  watch = null;
}

export function usable(position: Position | null, now: number): position is Position {
  return position !== null && position.accuracy <= WORST && now - position.at <= FRESH;
}

/** Metres along the great circle. */
export function metres(
  a: { lat: number; lon: number },
  b: { lat: number | null; lon: number | null },
): number | null {
  if (b.lat === null || b.lon === null) return null;
  const rad = Math.PI / 180;
  const dLat = (b.lat - a.lat) * rad;
  const dLon = (b.lon - a.lon) * rad;
  const h =
    Math.sin(dLat / 2) ** 2 +
    Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(dLon / 2) ** 2;
  return Math.round(2 * EARTH * Math.asin(Math.sqrt(h)));
}
