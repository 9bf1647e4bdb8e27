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
