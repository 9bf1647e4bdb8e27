import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import coverage from '../../../../tests/vectors/coverage.json';
import doorKeys from '../../../../tests/vectors/door_key.json';
import folds from '../../../../tests/vectors/fold.json';
import wishes from '../../../../tests/vectors/wish.json';
import type { Folded, Visit } from '../../core/types';
import { normalised } from '../places/key';
import { count, noCounts, rate, toTarget } from './counts';
import { doorState, fold, foldWishes, inOrder, skippedOn, type WishOperation } from './fold';

interface FoldCase {
  name: string;
  visits: Visit[];
  carried?: Folded;
  expect: object;
}

describe('the fold keeps to the shared vectors', () => {
  for (const one of folds.cases as unknown as FoldCase[]) {
    it(one.name, () => {
      expect(doorState(fold(one.visits, one.carried))).toEqual(one.expect);
    });
  }
});

describe('the wish that holds keeps to the shared vectors', () => {
  for (const one of wishes.cases as unknown as {
    name: string;
    wishes: WishOperation[];
    expect: object | null;
    skipped_on?: Record<string, boolean>;
  }[]) {
    it(one.name, () => {
      const wish = foldWishes(one.wishes);
      expect(wish).toEqual(one.expect);
      for (const [day, skipped] of Object.entries(one.skipped_on ?? {})) {
        expect(skippedOn(wish, day)).toBe(skipped);
      }
    });
  }
});

describe('counts, rates and homes to target keep to the shared vectors', () => {
  for (const one of coverage.cases as unknown as {
    name: string;
    targets: { publicity: number; app: number };
    doors: { visits: Visit[]; carried?: Folded; retired?: boolean }[];
    expect: object;
    rates: object;
    to_target: object;
  }[]) {
    it(one.name, () => {
      const counts = noCounts();
      for (const door of one.doors) {
        count(counts, doorState(fold(door.visits, door.carried)), door.retired ?? false);
      }
      expect(counts).toEqual(one.expect);
      const { households, occupied, knocked, reached, installed, no_smartphone } = counts;
      expect({
        knocked: rate(knocked, households),
        publicity: rate(reached, occupied),
        app: rate(installed, occupied),
        app_of_smartphones: rate(installed, occupied - no_smartphone),
      }).toEqual(one.rates);
      expect({
        publicity: toTarget(reached, occupied, one.targets.publicity),
        app: toTarget(installed, occupied, one.targets.app),
      }).toEqual(one.to_target);
    });
  }
});

describe('the door key keeps to the shared vectors', () => {
  for (const one of doorKeys.cases) {
    it(one.name, () => {
      expect({ unit: normalised(one.unit), room: normalised(one.room) }).toEqual(one.expect);
    });
  }
});

const visit = fc.record(
  {
    id: fc.uuid(),
    moment: fc.integer({ min: 0, max: 12 }),
    outcome: fc.constantFrom('informed', 'no_answer', 'refused', 'come_back', 'vacant'),
    app: fc.constantFrom('installed', 'helped', 'declined', 'no_smartphone', null),
    flags: fc.constantFrom(null, [], ['elderly'], ['lives_alone', 'elderly']),
    leaflets: fc.integer({ min: 0, max: 3 }),
    follow_up_on: fc.constantFrom(null, '2026-11-29', '2026-12-01'),
  },
  { requiredKeys: ['id', 'moment', 'outcome'] },
) as fc.Arbitrary<Visit>;
const visits = fc.uniqueArray(visit, { selector: (v) => v.id, maxLength: 14 });

describe('the fold is a function of the set', () => {
  it('neither order of arrival nor repeats matter', () => {
    fc.assert(
      fc.property(
        visits.chain((all) =>
          fc.tuple(
            fc.constant(all),
            fc.shuffledSubarray(all, { minLength: all.length }),
            fc.subarray(all),
          ),
        ),
        ([all, shuffled, again]) => {
          expect(fold([...shuffled, ...again])).toEqual(fold(all));
        },
      ),
    );
  });

  it('older visits may be carried from any point on', () => {
    fc.assert(
      fc.property(visits, fc.nat(14), (all, cut) => {
        const ordered = [...all].sort(inOrder);
        const carried = fold(ordered.slice(0, cut));
        expect(fold(ordered.slice(cut), carried)).toEqual(fold(all));
      }),
    );
  });

  it('never touches the carried state it goes on from', () => {
    const carried = Object.freeze(fold([]));
    expect(() => fold([{ id: 'a', moment: 1, outcome: 'informed' }], carried)).not.toThrow();
  });

  it('a door is exactly one of its display states, and vacant only without an answer since', () => {
    fc.assert(
      fc.property(visits, (all) => {
        const state = doorState(fold(all));
        const ordered = [...all].sort(inOrder);
        const last = ordered.filter((v) => v.outcome !== 'no_answer').at(-1);
        expect(state.vacant).toBe(last?.outcome === 'vacant');
        expect(state.display === 'untouched').toBe(all.length === 0);
        expect(state.knocks).toBe(all.length);
      }),
    );
  });
});
