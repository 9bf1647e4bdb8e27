/** Whether this browser can carry the work at all; if not, a page says how to open it in one. */
import { deleteDB, openDB } from 'idb';

import type { Support } from './types';

/** WeChat's own browser keeps nothing reliably, whatever it claims to have. */
export function insideWeChat(agent: string = navigator.userAgent): boolean {
  return /MicroMessenger/i.test(agent);
}

export async function support(agent: string = navigator.userAgent): Promise<Support> {
  if (insideWeChat(agent)) return 'wechat';
  if (!('serviceWorker' in navigator)) return 'no_service_worker';
  return (await storageWorks()) ? 'ok' : 'no_storage';
}

/** Private modes have IndexedDB and refuse at the first use: only trying tells. */
async function storageWorks(): Promise<boolean> {
  if (typeof indexedDB === 'undefined' || typeof crypto === 'undefined' || !crypto.subtle) {
    return false;
  }
  const name = 'qiaomen-probe';
  try {
    const db = await openDB(name, 1, { upgrade: (probe) => void probe.createObjectStore('s') });
    await db.put('s', 1, 'k');
    db.close();
    await deleteDB(name);
    return true;
  } catch {
    return false;
  }
}
