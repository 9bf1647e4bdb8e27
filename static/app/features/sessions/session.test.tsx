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
  phone = await openPhone(server, server.addMember(`ann-s${round}`, 'Ann', []));
  await phone.sync();
  const { SessionScreen } = await import('./SessionScreen');
  render(<SessionScreen />);
});

afterEach(() => {
  cleanup();
  phone.kill();
});

const type = (name: string, value: string): boolean =>
  fireEvent.input(screen.getByRole('textbox', { name }), { target: { value } });
const tap = (name: string): boolean => fireEvent.click(screen.getByRole('button', { name }));
const saved = (): Record<string, unknown>[] =>
  [...phone.desk.operations.values()].map(({ text }) => JSON.parse(text));

it('records where, with whom, for how many and about what', async () => {
  type('在哪里', '小区广场');
  type('居民人数', '４２');
  type('发传单', '40');
  tap('银行');
  tap('刷单返利');
  tap('记下这一场');
  await expect.poll(saved).toHaveLength(1);
  expect(saved()[0]).toMatchObject({
    type: 'session_log',
    place: '小区广场',
    partner: 'bank',
    residents: 42,
    workers: 0,
    leaflets: { general: 40 },
    topics: ['task'],
  });
});

it('says what is missing or wrong, and records nothing until it is mended', async () => {
  tap('记下这一场');
  expect(await screen.findByText('请写地点。')).toBeTruthy();
  type('在哪里', '银行');
  type('工作人员', '很多');
  type('备注', '13812345678');
  tap('记下这一场');
  expect(await screen.findByText('请填 0 到 5000 的整数。')).toBeTruthy();
  expect(saved()).toEqual([]);
});
