/** While an alert is open and the app is in sight, news are asked for often, and in small pieces. */
import { computed, effect } from '@preact/signals';
import type { Engine } from '../../sync/engine';
import { given } from './given';

/** At most one request in this time, whatever it was for (milliseconds). */
export const EVERY = 20_000;
const LOOK = 5_000;

const open = computed(() => {
  const { team, mine } = given.value;
  return mine.length > 0 || team.some(({ status }) => status === 'open');
});

/** Call once; `engine` is that of whose turn it is. */
export function watchNews(engine: () => Engine | null): () => void {
  return effect(() => {
    if (!open.value) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState !== 'visible' || navigator.onLine === false) return;
      void engine()?.glance(['community', 'me'], EVERY);
    }, LOOK);
    return () => clearInterval(timer);
  });
}
