/** Whether the browser promises to keep our data, and how much room there is. */
import { state } from './field';

export async function refreshStorageInfo(): Promise<void> {
  const storage = navigator.storage;
  const [persisted, estimate] = await Promise.all([
    storage?.persisted?.().catch(() => null) ?? null,
    storage?.estimate?.().catch(() => null) ?? null,
  ]);
  state.storage.value = {
    persisted,
    used: estimate?.usage ?? null,
    quota: estimate?.quota ?? null,
  };
}

/** False also where the browser does not know the question (headless ones refuse always). */
export async function askToPersist(): Promise<boolean> {
  const granted = (await navigator.storage?.persist?.().catch(() => false)) ?? false;
  await refreshStorageInfo();
  return granted;
}
