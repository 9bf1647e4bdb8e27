/**
 * A door's state from its visits (design 3.1): a pure function of the set of visits that are not
 * voided. The Python twin is webapp/visits/fold.py; both keep to tests/vectors/fold.json.
 */
import { lastOf } from '../../core/lastOf';
import type { Day, Display, DoorState, Folded, Visit, Wish } from '../../core/types';

export const EMPTY: Readonly<Folded> = Object.freeze({
  knocks: 0,
  leaflets: 0,
  last_at: null,
  contact: null,
  tries: 0,
  reached: false,
  app: null,
  flags: null,
  follow_up_on: null,
  closed: false,
});

interface Ordered {
  id: string;
  moment: number;
}

/** By moment, then by id. */
export function inOrder(a: Ordered, b: Ordered): number {
  return a.moment - b.moment || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** Goes on from `carried` with the visits, whatever their order and however often one occurs. */
export function fold(visits: Iterable<Visit>, carried: Readonly<Folded> = EMPTY): Folded {
  const state: Folded = { ...carried };
  for (const visit of asSet(visits).sort(inOrder)) step(state, visit);
  return state;
}

function asSet<T extends Ordered>(items: Iterable<T>): T[] {
  return [...new Map(Array.from(items, (item) => [item.id, item])).values()];
}

function step(state: Folded, visit: Visit): void {
  state.knocks += 1;
  state.leaflets += visit.leaflets ?? 0;
  state.last_at = Math.max(state.last_at ?? visit.moment, visit.moment);
  if (visit.outcome === 'vacant') {
    closeChapter(state);
    return;
  }
  if (visit.outcome === 'no_answer') {
    state.contact ??= 'no_answer';
    state.tries += 1;
    // Only an answer settles a date; an unanswered visit can at most set another.
    state.follow_up_on = visit.follow_up_on ?? state.follow_up_on;
  } else {
    state.contact = visit.outcome;
    state.tries = 0;
    state.reached ||= visit.outcome === 'informed';
    state.follow_up_on = visit.follow_up_on ?? null;
  }
  state.app = visit.app ?? state.app;
  state.flags = visit.flags ? [...visit.flags] : state.flags;
}

/** Another household may move in: of the earlier one only the sums remain. */
function closeChapter(state: Folded): void {
  state.contact = 'vacant';
  state.tries = 0;
  state.reached = false;
  state.app = null;
  state.flags = null;
  state.follow_up_on = null;
  state.closed = true;
}

export function doorState(folded: Readonly<Folded>): DoorState {
  const { closed: _, ...state } = folded;
  return { ...state, vacant: folded.contact === 'vacant', display: display(folded) };
}

/** The first that applies. */
function display(state: Readonly<Folded>): Display {
  if (state.contact === 'refused') return 'refused';
  if (state.follow_up_on !== null || state.contact === 'come_back') return 'follow_up';
  if (state.app === 'installed' || state.app === 'helped') return 'installed';
  if (state.reached) return 'informed';
  if (state.contact === 'vacant') return 'vacant';
  return state.contact === 'no_answer' ? 'no_answer' : 'untouched';
}

export interface WishOperation extends Ordered, Wish {}

/** The wish that holds: the last in order as a whole; an empty one lifts. */
export function foldWishes(wishes: Iterable<WishOperation>): Wish | null {
  const last = lastOf(asSet(wishes).sort(inOrder));
  if (!last || (!last.no_visits_until && !last.outcome_only)) return null;
  return {
    ...(last.no_visits_until ? { no_visits_until: last.no_visits_until } : {}),
    ...(last.outcome_only ? { outcome_only: true } : {}),
  };
}

/** Whether "next door" passes by on this day; on the date itself a visit is welcome again. */
export function skippedOn(wish: Wish | null, day: Day): boolean {
  return wish?.no_visits_until !== undefined && day < wish.no_visits_until;
}
