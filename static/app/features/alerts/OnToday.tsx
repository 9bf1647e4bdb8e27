import { lazy } from '../../ui/lazy';
import { given } from './given';

const TodayStrip = lazy(async () => (await import('./TodayStrip')).TodayStrip, 'part');

/** Nothing is loaded for it while there is nothing to show. */
export function OnToday() {
  const { mine, dues } = given.value;
  return mine.length + dues.length > 0 ? <TodayStrip /> : null;
}
