/**
 * The device as its own database knows it: which one it is, and the key that signs rescue files. The
 * key cannot be taken out of the browser again. It opens nothing and says only who recorded, so it
 * stays beside locked work when a device is revoked, and leaves with it: what it signs then is held.
 * Where this record is missing, the database was wiped.
 */
import { fromBase64 } from '../core/bytes';
import { openMember, type Store } from '../core/storage';

export interface StoredDevice {
  id: string;
  key?: CryptoKey;
}

const KEY = 'device';

/** Where the badge's key stands, beside the device's own; it leaves with what the phone was given. */
export const BADGE = 'badge';

export const deviceOf = (store: Store): Promise<StoredDevice | undefined> =>
  store.read(['meta'], (tx) => tx.get<StoredDevice>('meta', KEY));

/** Writes the device down as the server named it; without a new key the earlier one stays. */
export async function keepDevice(
  store: Store,
  device: { id: string; key?: string } | null,
): Promise<void> {
  if (!device) return;
  const key = device.key ? await importKey(device.key) : undefined;
  try {
    await put(store, device.id, key);
  } catch (error) {
    // Some browsers cannot store keys: rescue files then go unsigned, and somebody looks at them.
    if (!key || !(error instanceof DOMException) || error.name !== 'DataCloneError') throw error;
    await put(store, device.id, undefined);
  }
}

async function put(store: Store, id: string, key: CryptoKey | undefined): Promise<void> {
  await store.write(['meta'], async (tx) => {
    const old = await tx.get<StoredDevice>('meta', KEY);
    const kept = key ?? (old?.id === id ? old.key : undefined);
    tx.put('meta', KEY, { id, ...(kept ? { key: kept } : {}) });
  });
}

function importKey(base64: string): Promise<CryptoKey> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  return crypto.subtle.importKey('raw', fromBase64(base64), algorithm, false, ['sign']);
}

/** A member's database that has nothing of them: the browser cleared it, or somebody did. */
export async function isWiped(name: string): Promise<boolean> {
  const store = await openMember(name);
  try {
    return await store.read(['meta'], async (tx) => {
      const [device, sync] = [await tx.get('meta', KEY), await tx.get('meta', 'sync')];
      return device === undefined && sync === undefined;
    });
  } finally {
    store.close();
  }
}
