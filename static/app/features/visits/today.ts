/** What I did today, from my own operations alone. */
import type { DoneToday } from '../../core/types';
import type { VoidOperation } from '../../core/wire';
import { counts, type OwnOperation } from '../../sync/operations';
import { parsed, type Today, visitOf } from './draw';

export function doneToday(
  own: Iterable<OwnOperation>,
  today: Today,
  isPractice: (building: string) => boolean,
): DoneToday {
  const live = [...own].filter(counts);
  const voided = new Set(
    live
      .filter(({ type }) => type === 'void')
      .map((operation) => parsed<VoidOperation>(operation).operation),
  );
  const done: DoneToday = {
    day: today.day,
    doors: 0,
    visits: 0,
    informed: 0,
    leaflets: 0,
    helped: 0,
  };
  const doors = new Set<string | null>();
  for (const operation of live) {
    if (operation.type !== 'visit' || voided.has(operation.id)) continue;
    if (operation.moment < today.start) continue;
    if (operation.building !== null && isPractice(operation.building)) continue;
    const visit = visitOf(operation);
    doors.add(operation.household);
    done.visits += 1;
    done.informed += Number(visit.outcome === 'informed');
    done.leaflets += visit.leaflets ?? 0;
    done.helped += Number(visit.app === 'helped');
  }
  return { ...done, doors: doors.size };
}
