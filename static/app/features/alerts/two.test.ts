import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { openPhone, type Phone } from '../../testing/phone';
import { type Member, Server } from '../../testing/server';
import type { Draft } from './record';

let round = 0;
const opened: Phone[] = [];
afterEach(() => {
  for (const phone of opened.splice(0)) phone.kill();
});

async function open(server: Server, who: Member): Promise<Phone> {
  const phone = await openPhone(server, who);
  opened.push(phone);
  await phone.sync();
  return phone;
}

/** What this phone records of the alert; modules are those that the phone was opened with. */
async function use(phone: Phone) {
  const { makeOperation } = await import('../../sync/operations');
  const { lay } = await import('./lay');
  const nowhere = { building: null, household: null, door: null };
  return {
    async record({ type, fields }: Draft): Promise<string> {
      const made = await makeOperation({ type, alert: 'a1', ...fields }, nowhere, phone.desk.clock);
      await phone.desk.change((change) => change.putOperation(made));
      return made.id;
    },
    state: () => {
      const [row] = phone.given.value.mine;
      return row ? lay(row, phone.given.value).state : null;
    },
  };
}

const attempt = (result: string, channel = 'call'): Draft =>
  ({ type: 'alert_attempt', fields: { channel, result } }) as Draft;
const outcome = (what: string): Draft =>
  ({ type: 'alert_outcome', fields: { outcome: what } }) as Draft;

async function scene() {
  round += 1;
  const server = new Server();
  server.makeKeys();
  server.addCommunity();
  const ann = server.addMember(`ann-${round}`, 'Ann', []);
  const bob = server.addMember(`bob-${round}`, 'Bob', []);
  server.addAlert('a1', [ann.id, bob.id], { resident_name: '何女士' });
  return { server, ann, bob };
}

describe('two phones work one alert without signal', () => {
  it('and agree when both have synced, whoever was first, with nothing lost', async () => {
    const step = fc.constantFrom('no_answer', 'denied', 'met', 'evaded', 'still_at_risk');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.boolean(), step), { minLength: 1, maxLength: 8 }),
        fc.boolean(),
        async (steps, annFirst) => {
          const { server, ann, bob } = await scene();
          const first = await open(server, ann);
          const hers = await use(first);
          const second = await open(server, bob);
          const his = await use(second);
          for (const [isAnn, result] of steps) {
            server.now += 30_000;
            await (isAnn ? hers : his).record(attempt(result));
          }
          const order = annFirst ? [first, second] : [second, first];
          for (const phone of [...order, ...order]) await phone.sync();
          expect(hers.state()).toEqual(his.state());
          expect(Object.values(hers.state()?.attempts ?? {})).toEqual([steps.length]);
          expect(server.kept.size).toBe(steps.length);
          for (const phone of opened.splice(0)) phone.kill();
        },
      ),
      { numRuns: 6 },
    );
  });

  it('and what one did is under the other’s hand after the next sync', async () => {
    const { server, ann, bob } = await scene();
    const first = await open(server, ann);
    await (await use(first)).record(attempt('met', 'door'));
    await first.sync();
    const second = await open(server, bob);
    const his = await use(second);
    expect(his.state()).toMatchObject({ step: 'door', attempts: { door: 1 } });
  });
});

describe('what comes late from a phone without signal', () => {
  /** Bob closed it while Ann, without signal, went on. */
  async function closedMeanwhile() {
    const { server, ann, bob } = await scene();
    const first = await open(server, ann);
    const hers = await use(first);
    const second = await open(server, bob);
    const his = await use(second);
    server.now += 60_000;
    await his.record(outcome('dissuaded'));
    await second.sync();
    return { server, first, hers, second, his };
  }

  it('is taken; the alert stays closed, and leaves the phone', async () => {
    const { server, first, hers } = await closedMeanwhile();
    server.now += 60_000;
    const id = await hers.record(attempt('denied'));
    expect(hers.state()?.attempts).toEqual({ call: 1 });
    await first.sync();
    expect(server.kept.get(id)?.status).toBe('accepted');
    expect(first.given.value.mine).toEqual([]);
    expect(first.given.value.team[0]).toMatchObject({ status: 'closed', attempts: 1 });
  });

  it('opens it again if the person was still at risk later', async () => {
    const { server, first, hers, second, his } = await closedMeanwhile();
    server.now += 60_000;
    await hers.record(attempt('still_at_risk', 'door'));
    await first.sync();
    await second.sync();
    expect(first.given.value.team[0]).toMatchObject({ status: 'open', reopened: true });
    expect(his.state()?.reopened).toBe(true);
  });

  it('already paid wins over dissuaded, at whatever moment', async () => {
    const { server, first, hers } = await closedMeanwhile();
    server.now -= 30_000;
    await hers.record(outcome('already_paid'));
    await first.sync();
    expect(first.given.value.team[0]).toMatchObject({ outcome: 'already_paid' });
    expect(server.kept.size).toBe(2);
  });

  it('recorded for an alert that was taken away is held, and never folded', async () => {
    const { server, ann } = await scene();
    const first = await open(server, ann);
    const hers = await use(first);
    await hers.record(attempt('no_answer'));
    server.withdraw('a1', ann.id);
    await first.sync();
    expect(first.statuses()).toEqual(['held']);
    expect(first.state.outbox.value).toMatchObject([
      { type: 'alert', status: 'held', code: 'not_yours' },
    ]);
    expect(first.given.value.team[0]).toMatchObject({ attempts: 0 });
  });
});
