/**
 * A call, a message or a way that was begun from the app: on coming back one tap says what came of it.
 * Kept in the phone's database, because the dialler may push the app out of memory.
 */
import { signal } from '@preact/signals';
import { here } from '../recording';
import type { Channel } from './codes';

export interface Contact {
  alert: string;
  channel: Channel;
  /** Own clock. */
  at: number;
}

const KEY = 'contact';
/** Then nobody remembers what came of it (milliseconds). */
const FORGOTTEN = 3 * 3_600_000;

export const begun = signal<Contact | null>(null);

const keep = (contact: Contact | null): Promise<void> =>
  here().desk.store.write(['meta'], (tx) => tx.put('meta', KEY, contact), 'relaxed');

export function begin(alert: string, channel: Channel): void {
  begun.value = { alert, channel, at: here().desk.clock.now() };
  void keep(begun.value);
}

export function end(): void {
  begun.value = null;
  void keep(null);
}

/** What was begun before the app was closed. */
export async function recall(): Promise<void> {
  const { store, clock } = here().desk;
  const found = await store.read(['meta'], (tx) => tx.get<Contact | null>('meta', KEY));
  if (begun.value || !found || clock.now() - found.at > FORGOTTEN) return;
  begun.value = found;
}
