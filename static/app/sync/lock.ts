/** One tab syncs at a time. */
import type { Store } from '../core/storage';

/** A tab that died holds the makeshift lock no longer than this (milliseconds). */
const LEASE = 90_000;
const me = Math.random().toString(36).slice(2);

/** Runs the work, or returns false at once when another tab is at it. */
export async function alone(store: Store, work: () => Promise<void>): Promise<boolean> {
  if (navigator.locks) {
    return navigator.locks.request(`sync ${store.name}`, { ifAvailable: true }, async (lock) => {
      if (lock) await work();
      return lock !== null;
    });
  }
  return leased(store, work);
}

/** For browsers without Web Locks (Safari before 15.4): a lease in the database itself. */
async function leased(store: Store, work: () => Promise<void>): Promise<boolean> {
  const taken = await store.write(['meta'], async (tx) => {
    const held = await tx.get<{ by: string; until: number }>('meta', 'lease');
    const now = Date.now();
    // A lease from the far future was written before the clock was set back.
    if (held && held.by !== me && held.until > now && held.until < now + 2 * LEASE) return false;
    tx.put('meta', 'lease', { by: me, until: now + LEASE });
    return true;
  });
  if (!taken) return false;
  try {
    await work();
  } finally {
    await store.write(['meta'], (tx) => tx.delete('meta', 'lease'));
  }
  return true;
}
