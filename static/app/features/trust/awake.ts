/** Keeps the screen on while a badge is shown; browsers without that say nothing. */
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

const awake = signal(false);

/** Whether the screen stays on now; asked for again whenever the app comes back to the front. */
export function useAwake(): boolean {
  useEffect(() => {
    let lock: WakeLockSentinel | null = null;
    let left = false;
    const hold = async (): Promise<void> => {
      if (document.visibilityState !== 'visible') return;
      try {
        const got = await navigator.wakeLock?.request('screen');
        if (!got) return;
        if (left) return void got.release();
        lock = got;
        awake.value = true;
        got.addEventListener('release', () => {
          awake.value = false;
        });
      } catch {
        // The battery is low, or the browser has no mind to.
      }
    };
    void hold();
    document.addEventListener('visibilitychange', hold);
    return () => {
      left = true;
      document.removeEventListener('visibilitychange', hold);
      void lock?.release().catch(() => {});
    };
  }, []);
  return awake.value;
}
