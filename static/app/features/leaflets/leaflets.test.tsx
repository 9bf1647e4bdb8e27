import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { openPhone, type Phone } from '../../testing/phone';
import { Server } from '../../testing/server';

let phone: Phone;
let round = 0;

beforeEach(async () => {
  round += 1;
  const server = new Server();
  server.addCommunity();
  phone = await openPhone(server, server.addMember(`ann-l${round}`, 'Ann', []));
  await phone.sync();
  await phone.desk.change((change) => {
    const kind = { kind: 'leaflet_kind', id: 'k1', name: '大字版', picture: '', retired: false };
    const old = { ...kind, id: 'k2', name: '旧版', retired: true };
    const rows = [kind, old];
    change.putBucket('community', new Map(rows.map((row) => [`${row.kind} ${row.id}`, row])));
    const bag = { kind: 'leaflet_bag', id: 'general', left: 30 };
    change.putBucket('me', new Map([['leaflet_bag general', bag]]));
  });
  const { LeafletScreen } = await import('./LeafletScreen');
  render(<LeafletScreen />);
});

afterEach(() => {
  cleanup();
  phone.kill();
});

const saved = (): Record<string, unknown>[] =>
  [...phone.desk.operations.values()].map(({ text }) => JSON.parse(text));
const tap = (name: string): boolean => fireEvent.click(screen.getByRole('button', { name }));

it('is two taps to take a usual bundle', async () => {
  tap('100');
  tap('领走');
  await expect.poll(saved).toHaveLength(1);
  expect(saved()[0]).toMatchObject({ type: 'leaflet_take', count: 100 });
});

it('brings back what was typed, and nothing that is no number', async () => {
  const field = screen.getByRole('textbox', { name: '份数' });
  fireEvent.input(field, { target: { value: '很多' } });
  expect(await screen.findByText('请填 1 到 9999 的整数。')).toBeTruthy();
  tap('还回');
  fireEvent.input(field, { target: { value: '７' } });
  tap('还回');
  await expect.poll(saved).toHaveLength(1);
  expect(saved()[0]).toMatchObject({ type: 'leaflet_take', count: -7 });
});

it('shows what is in the bag, and what was just recorded at once', async () => {
  const general = screen.getByRole('button', { name: /普通传单/ });
  expect(general.textContent).toContain('包里 30 份');
  expect(general.getAttribute('aria-pressed')).toBe('true');
  expect(screen.queryByText('旧版')).toBeNull();
  tap('20');
  tap('领走');
  await expect.poll(() => general.textContent).toContain('包里 50 份');
  tap('还回');
  await expect.poll(() => general.textContent).toContain('包里 30 份');
});

it('counts what visits and sessions hand out, of the kind that is chosen', async () => {
  const [{ bagOf }, { makeOperation, NOWHERE }] = await Promise.all([
    import('./bag'),
    import('../../sync/operations'),
  ]);
  const { desk } = phone;
  const put = async (fields: { type: string } & Record<string, unknown>): Promise<string> => {
    const made = await makeOperation(fields, NOWHERE, desk.clock);
    await desk.change((change) => change.putOperation(made));
    return made.id;
  };
  const left = (): Record<string, number> =>
    Object.fromEntries(bagOf(desk, '普通').map((one) => [one.id, one.left]));
  await put({
    type: 'visit',
    household: 'h',
    outcome: 'informed',
    leaflets: { general: 2, k1: 1 },
  });
  const session = await put({ type: 'session_log', place: 'x', leaflets: { k2: 5 } });
  expect(left()).toEqual({ general: 28, k1: -1, k2: -5 });
  await put({ type: 'void', operation: session, reason: 'other' });
  expect(left()).toEqual({ general: 28, k1: -1 });
});
