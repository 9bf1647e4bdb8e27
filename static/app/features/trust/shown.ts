/** What the badge shows now: digits, the QR code's address, and how long they last. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { codeOf, STEP, scanned, stepOf } from './code';
import { now } from './duty';

export interface Shown {
  digits: string;
  address: string;
  /** Whole seconds until the next code. */
  left: number;
}

/** Follows the corrected clock, second by second; null until the first code is computed. */
export function useShown(key: CryptoKey, number: number): Shown | null {
  const shown = useSignal<Shown | null>(null);
  useEffect(() => {
    let step = -1;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let gone = false;
    let code = { digits: '', address: '' };
    const tick = async (): Promise<void> => {
      const moment = now();
      if (stepOf(moment) !== step) {
        step = stepOf(moment);
        const [digits, address] = await Promise.all([
          codeOf(key, step),
          scanned(key, number, step),
        ]);
        code = { digits, address };
      }
      if (gone) return;
      const left = STEP - (now() % STEP);
      shown.value = { ...code, left: Math.ceil(left / 1000) };
      timer = setTimeout(() => void tick(), (left % 1000) + 5);
    };
    void tick();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [key, number, shown]);
  return shown.value;
}
