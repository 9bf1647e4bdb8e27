/** Whether the browser promises to keep our data, and how much room there is. */
import { state } from './field';

/** Below this the next building may not fit any more (bytes). */
const LITTLE = 20 * 1_048_576;
const NEARLY = 0.9;

/** Did a write fail because there is no room? Nothing of it was kept then. */
export const isFull = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'QuotaExceededError';

/** A write found no room, whatever the browser's estimate says. */
export function noteFull(): void {
  state.storage.value = { ...state.storage.value, low: true };
}

export async function refreshStorageInfo(): Promise<void> {
  const storage = navigator.storage;
  const [persisted, estimate] = await Promise.all([
    storage?.persisted?.().catch(() => null) ?? null,
    storage?.estimate?.().catch(() => null) ?? null,
  ]);
  const used = estimate?.usage ?? null;
  const quota = estimate?.quota ?? null;
  const low = used !== null && quota !== null && (quota - used < LITTLE || used > quota * NEARLY);
  const now = { persisted, used, quota, low };
  const before = state.storage.value;
  if (JSON.stringify(now) !== JSON.stringify(before)) state.storage.value = now;
}

/** False also where the browser does not know the question (headless ones refuse always). */
export async function askToPersist(): Promise<boolean> {
  const granted = (await navigator.storage?.persist?.().catch(() => false)) ?? false;
  await refreshStorageInfo();
  return granted;
}
