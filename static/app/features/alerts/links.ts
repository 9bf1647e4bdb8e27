/** What leaves the app: a call, a message, the way. */
import type { MyAlertRow, MyFollowUpRow } from '../../contract';
import { state } from '../../core/field';
import { metres, usable } from '../../core/position';
import { zh } from './texts.zh';

type Person = MyAlertRow | MyFollowUpRow;

/** Metres that one walks in a minute, round the corners too. */
const PACE = 60;

const digits = (phone: string): string => phone.replace(/[^\d+]/g, '');

export const telLink = (phone: string): string => `tel:${digits(phone)}`;

/** The last four, to tell numbers apart. */
export const tailOf = (phone: string): string => digits(phone).slice(-4);

/**
 * A message that can be believed: it names the community and somebody whom residents know, and has no
 * link. In Chinese whatever the app speaks: it is read by the resident.
 */
export function smsText(row: Person, me: string, community: string): string {
  const { caretaker, resident_name = '' } = row;
  const known = caretaker ? zh.smsKnown(caretaker.role, caretaker.name) : '';
  return zh.sms(community, me, known, resident_name);
}

/** iOS wants `&` before the text, all others `?`. */
export function smsLink(phone: string, text: string, ios: boolean): string {
  return `sms:${digits(phone)}${ios ? '&' : '?'}body=${encodeURIComponent(text)}`;
}

/** RFC 5870, WGS-84; iOS has an address of its own. Null when nobody knows where it is. */
export function wayLink(row: Person, ios: boolean): string | null {
  const { lat, lon, place = '' } = row;
  const known = typeof lat === 'number' && typeof lon === 'number';
  if (!known && !place) return null;
  const name = encodeURIComponent(place);
  if (ios) return known ? `maps:?q=${name}&ll=${lat},${lon}` : `maps:?q=${name}`;
  return known ? `geo:${lat},${lon}?q=${lat},${lon}(${name})` : `geo:0,0?q=${name}`;
}

/** Minutes on foot from where the phone is, if that is known well enough. */
export function walkMinutes(row: Person, now: number): number | null {
  const position = state.position.value;
  if (!usable(position, now)) return null;
  const far = metres(position, { lat: row.lat ?? null, lon: row.lon ?? null });
  return far === null ? null : Math.max(1, Math.round(far / PACE));
}
