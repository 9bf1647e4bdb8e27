import type { HistoryItem } from '../../core/types';
import { text } from '../../i18n';

/** What went with an outcome: `传单 1`, `帮他装好`. */
export function visitDetails(visit: Pick<HistoryItem, 'app' | 'leaflets'>): string[] {
  const t = text.value;
  return [
    visit.leaflets > 0 ? t.log.leafletCount(visit.leaflets) : '',
    visit.app ? t.appStatus[visit.app] : '',
  ].filter(Boolean);
}
