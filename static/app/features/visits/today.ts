/** What I did today: my own operations, and what the server tells of my other phones. */
import type { DoneToday, Visit } from '../../core/types';
import type { VoidOperation } from '../../core/wire';
import { counts, type OwnOperation } from '../../sync/operations';
import type { Building } from '../places/record';
import { momentOf, parsed, type Today, visitOf, visitsOf } from './draw';

/** A visit of mine that stands in a door's row. */
export type MyVisit = Pick<Visit, 'id' | 'outcome' | 'app' | 'leaflets'> & { door: string };

/** Mine of today in a building's rows, whichever phone recorded them. */
export function myVisits({ row, doors }: Building, me: string, today: Today): MyVisit[] {
  const found: MyVisit[] = [];
  if (row?.practice) return found;
  for (const door of doors.values()) {
    const { visits } = door;
    // In order: where the last is older, all are.
    if (!visits || momentOf(visits, visits.id.length - 1) < today.start) continue;
    visitsOf(visits).forEach(({ id, moment, outcome, app = null, leaflets = 0 }, i) => {
      if (moment < today.start || visits.by[i] !== me) return;
      found.push({ id, outcome, app, leaflets, door: door.id });
    });
  }
  return found;
}

/** `told`: what the rows say; of what was recorded here the own operation counts. */
export function doneToday(
  own: readonly OwnOperation[],
  told: readonly MyVisit[],
  today: Today,
  isPractice: (building: string) => boolean,
): DoneToday {
  const live = own.filter(counts);
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
  const helped = new Set<string | null>();
  const add = ({ outcome, app, leaflets }: Omit<MyVisit, 'id'>, door: string | null): void => {
    doors.add(door);
    done.visits += 1;
    done.informed += Number(outcome === 'informed');
    done.leaflets += leaflets ?? 0;
    if (app === 'helped') helped.add(door);
  };
  for (const operation of live) {
    if (operation.type !== 'visit' || voided.has(operation.id)) continue;
    if (operation.moment < today.start) continue;
    if (operation.building !== null && isPractice(operation.building)) continue;
    add({ ...visitOf(operation), door: '' }, operation.household);
  }
  const here = new Set(own.map(({ id }) => id));
  for (const visit of told) {
    if (!here.has(visit.id) && !voided.has(visit.id)) add(visit, visit.door);
  }
  return { ...done, doors: doors.size, helped: helped.size };
}
