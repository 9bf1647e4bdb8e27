/**
 * Boxes that only the community's server opens: ephemeral ECDH on P-256, HKDF-SHA256, AES-256-GCM.
 * Its twin is webapp/operations/boxes.py. All parts are base64.
 */
import { fromBase64, toBase64 } from '../core/bytes';

const CURVE = { name: 'ECDH', namedCurve: 'P-256' };

export interface Box {
  /** The ephemeral public point. */
  key: string;
  nonce: string;
  sealed: string;
}

/** `publicKey`: the community's point; `info` names the purpose. */
export async function seal(plain: string, publicKey: string, info: string): Promise<Box> {
  const own = await crypto.subtle.generateKey(CURVE, true, ['deriveBits']);
  const point = await crypto.subtle.exportKey('raw', own.publicKey);
  const secret = await sharedKey(own.privateKey, fromBase64(publicKey), info);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const bytes = new TextEncoder().encode(plain);
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, secret, bytes);
  return {
    key: toBase64(new Uint8Array(point)),
    nonce: toBase64(iv),
    sealed: toBase64(new Uint8Array(sealed)),
  };
}

async function sharedKey(
  privateKey: CryptoKey,
  peer: Uint8Array<ArrayBuffer>,
  purpose: string,
): Promise<CryptoKey> {
  const other = await crypto.subtle.importKey('raw', peer, CURVE, false, []);
  const bits = await crypto.subtle.deriveBits({ name: 'ECDH', public: other }, privateKey, 256);
  const secret = await crypto.subtle.importKey('raw', bits, 'HKDF', false, ['deriveKey']);
  const info = new TextEncoder().encode(purpose);
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
  const cipher = { name: 'AES-GCM', length: 256 };
  return crypto.subtle.deriveKey(derivation, secret, cipher, false, ['encrypt']);
}
