/**
 * The badge's codes, computed here without any network: RFC 6238 under a key that cannot be taken out
 * of the browser. The server's twin is webapp/trust/totp.py; both keep to tests/vectors/badge.json.
 */
import { lastOf } from '../../core/lastOf';

/** How long a code lasts (milliseconds). */
export const STEP = 30_000;

/** 80 bits. */
const MARK_BYTES = 10;
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

export const stepOf = (moment: number): number => Math.floor(moment / STEP);

export const importKey = (raw: Uint8Array<ArrayBuffer>, hash = 'SHA-1'): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash }, false, ['sign']);

async function hmac(key: CryptoKey, message: BufferSource): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, message));
}

/** The digits that are read out at the door. */
export async function codeOf(key: CryptoKey, step: number, digits = 6): Promise<string> {
  const counter = new DataView(new ArrayBuffer(8));
  counter.setUint32(0, Math.floor(step / 2 ** 32));
  counter.setUint32(4, step % 2 ** 32);
  const digest = await hmac(key, counter);
  const offset = (lastOf(digest) ?? 0) & 15;
  const number = new DataView(digest.buffer).getUint32(offset) & 0x7fffffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

/** What the QR code proves with: 16 characters of base32 (RFC 4648). */
export async function markOf(key: CryptoKey, number: number, step: number): Promise<string> {
  const message = new TextEncoder().encode(`qiaomen badge ${number} ${step}`);
  const digest = await hmac(key, message);
  let bits = 0n;
  for (const byte of digest.subarray(0, MARK_BYTES)) bits = (bits << 8n) | BigInt(byte);
  let mark = '';
  for (let at = MARK_BYTES * 8 - 5; at >= 0; at -= 5)
    mark += BASE32[Number((bits >> BigInt(at)) & 31n)];
  return mark;
}

/** The address that the QR code leads to. */
export async function scanned(key: CryptoKey, number: number, step: number): Promise<string> {
  return `${location.origin}/v/${number}.${step}.${await markOf(key, number, step)}`;
}
