import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../../../tests/vectors/shift.json';
import { covers, fold, type Step } from './shift';

const { minute } = vectors;

describe('the fold of a shift keeps to the shared vectors', () => {
  for (const one of vectors.cases) {
    it(one.name, () => {
      const steps = (one.steps as Step[]).map((step) => ({
        ...step,
        moment: step.moment * minute,
        until: step.until === undefined ? undefined : step.until * minute,
      }));
      const expected = one.expect && {
        since: one.expect.since * minute,
        until: one.expect.until * minute,
      };
      const duty = fold(steps);
      expect(duty).toEqual(expected);
      expect(fold([...steps].reverse())).toEqual(expected);
      for (const [at, is] of Object.entries(one.covered ?? {})) {
        expect(duty !== null && covers(duty, Number(at) * minute)).toBe(is);
      }
    });
  }
});

const step: fc.Arbitrary<Step> = fc.record({
  moment: fc.nat(50),
  id: fc.uuid(),
  starts: fc.boolean(),
  until: fc.option(fc.nat(60), { nil: undefined }),
});

describe('the fold of a shift', () => {
  it('minds neither order nor repeats', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
        expect(fold([...steps].reverse())).toEqual(fold(steps));
        expect(fold([...steps, ...steps])).toEqual(fold(steps));
      }),
    );
  });

  it('goes on from what the server folded, also when that has it already', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
        const all = fold(steps);
        const last = [...steps]
          .sort((a, b) => a.moment - b.moment || (a.id < b.id ? -1 : 1))
          .at(-1);
        expect(fold([last!], all)).toEqual(all);
      }),
    );
  });
});
