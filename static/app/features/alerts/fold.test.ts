import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../../../tests/vectors/alert.json';
import { type Fact, fold, inOrder, onTime } from './fold';

interface Case {
  name: string;
  facts: Fact[];
  expect: object;
  on_time?: { deadline: number; now: number; is: boolean | null }[];
}

describe('the fold of an alert keeps to the shared vectors', () => {
  for (const one of vectors.cases as unknown as Case[]) {
    it(one.name, () => {
      const state = fold(one.facts);
      expect(state).toEqual({ ...vectors.empty, ...one.expect });
      for (const { deadline, now, is } of one.on_time ?? []) {
        expect(onTime(state, deadline, now)).toBe(is);
      }
    });
  }
});

const common = {
  id: fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), minLength: 3, maxLength: 3 }),
  moment: fc.integer({ min: 0, max: 30 }),
  by: fc.constantFrom('ann', 'bob', 'cho'),
  coordinator: fc.boolean(),
};
const amount = fc.option(fc.nat(9));
const fact = fc.oneof(
  fc.record({
    type: fc.constant('alert_join'),
    ...common,
    action: fc.constantFrom('on', 'off', 'help'),
  }),
  fc.record({
    type: fc.constant('alert_attempt'),
    ...common,
    channel: fc.constantFrom('call', 'message', 'door', 'bank'),
    result: fc.constantFrom('no_answer', 'denied', 'met', 'paid', 'still_at_risk', 'sent'),
    at_risk: amount,
    reaction: fc.constantFrom(null, ['denies'], ['cries', 'denies']),
  }),
  fc.record({
    type: fc.constant('alert_outcome'),
    ...common,
    outcome: fc.constantFrom('dissuaded', 'already_paid', 'unreachable', 'not_ours', 'duplicate'),
    avoided: amount,
    lost: amount,
    risk: fc.constantFrom(null, 'high', 'none'),
  }),
  fc.record({
    type: fc.constant('follow_up'),
    ...common,
    reached: fc.boolean(),
    again: fc.boolean(),
    risk: fc.constantFrom(null, 'high', 'low'),
  }),
) as unknown as fc.Arbitrary<Fact>;
const facts = fc.uniqueArray(fact, { selector: ({ id }) => id, maxLength: 20 });

describe('the fold of an alert is a function of the set', () => {
  it('neither order of arrival nor repeats matter', () => {
    const shuffled = facts.chain((all) =>
      fc.tuple(
        fc.constant(all),
        fc.shuffledSubarray(all, { minLength: all.length }),
        fc.subarray(all),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([all, mixed, again]) => {
        expect(fold([...mixed, ...again])).toEqual(fold(all));
      }),
    );
  });

  it('two phones that worked without signal agree when both have all of it', () => {
    fc.assert(
      fc.property(facts, fc.nat(20), (all, cut) => {
        const [ann, bob] = [all.slice(0, cut + 3), all.slice(cut)];
        expect(fold([...ann, ...bob])).toEqual(fold([...bob, ...ann]));
      }),
    );
  });

  it('never closes without an outcome, and a payment that nobody answered leaves it open', () => {
    fc.assert(
      fc.property(facts, (all) => {
        const state = fold(all);
        const ordered = inOrder(all);
        const closing = ordered.filter((f) => f.outcome && f.outcome !== 'not_ours');
        if (closing.length === 0) expect(state.closed_at).toBeNull();
        if (ordered.at(-1)?.result === 'paid') expect(state.closed_at).toBeNull();
        expect(state.step === 'closed').toBe(state.closed_at !== null);
      }),
    );
  });

  it('takes amounts from one outcome, never a sum', () => {
    fc.assert(
      fc.property(facts, (all) => {
        const state = fold(all);
        const holding = all.find(({ id }) => id === state.outcome_id);
        expect([state.avoided, state.lost]).toEqual([
          holding?.avoided ?? null,
          holding?.lost ?? null,
        ]);
      }),
    );
  });

  it('touches nothing of what it is given', () => {
    const attempt = Object.freeze({
      type: 'alert_attempt',
      id: 'a',
      moment: 1,
      by: 'ann',
      channel: 'door',
      result: 'met',
      reaction: Object.freeze(['denies']),
      participant: Object.freeze({ role: 'family' }),
    }) as unknown as Fact;
    expect(() => fold(Object.freeze([attempt]))).not.toThrow();
  });
});
