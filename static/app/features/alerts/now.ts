/** What time it is by the server, as far as the phone knows. */
import { useEffect, useState } from 'preact/hooks';
import { here } from '../recording';

export function serverNow(): number {
  const { clock } = here().desk;
  return clock.now() + clock.skew;
}

/** The same, drawn anew every so many milliseconds; not while nobody looks. */
export function useNow(every: number): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const tick = (): void => {
      if (document.visibilityState === 'visible') setNow(serverNow());
    };
    const timer = setInterval(tick, every);
    document.addEventListener('visibilitychange', tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', tick);
    };
  }, [every]);
  return now;
}
