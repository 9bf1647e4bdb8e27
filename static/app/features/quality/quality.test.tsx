import { cleanup, fireEvent, render, screen, within } from '@testing-library/preact';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { text } from '../../i18n';
import { Desk, registerFeature } from '../../sync/desk';
import { dismissToast } from '../../ui/Toast';
import { recordAt } from '../recording';
import { ChecksScreen } from './ChecksScreen';
import { asked, qualityFeature } from './given';
import { OnToday } from './OnToday';

const NOON = Date.parse('2026-11-22T12:00:00+08:00');
let desk: Desk;
let round = 0;
registerFeature(qualityFeature);

const flag = {
  kind: 'visit_flag',
  id: 'f1',
  rule: 'too_fast',
  status: 'open',
  doors: 4,
  value: 180,
  moment: Date.parse('2026-11-22T09:00:00+08:00'),
  place: '3号楼',
  unit: '1',
  floors: [18, 17],
};
const recheck = {
  kind: 'recheck',
  id: 'r1',
  open: true,
  place: '3号楼',
  unit: '2',
  room: '1403',
  floor: 14,
};

beforeEach(async () => {
  round += 1;
  const who = {
    db: `quality-${round}`,
    device: { id: 'd', name: 'Phone' },
    login: 'ann',
    person: { id: 1, name: '张敏' },
    member: { id: 'm', role: 'volunteer' as const, lead: false, deputy: false },
    community: { id: 1, name: '紫荆园社区', timezone: 'Asia/Shanghai' },
    status: 'active' as const,
  };
  desk = await Desk.open(who, { now: () => NOON, skew: 0 });
  desk.publish();
  recordAt(() => ({
    desk,
    saved: () => {},
    ask: async () => Promise.reject(new Error('offline')),
  }));
  await desk.change((change) => {
    const rows = [flag, recheck, { ...flag, id: 'f2', status: 'accepted' }];
    change.putBucket('me', new Map(rows.map((row) => [`${row.kind} ${row.id}`, row])));
  });
  render(
    <>
      <OnToday />
      <ChecksScreen />
    </>,
  );
});

afterEach(() => {
  cleanup();
  dismissToast();
  qualityFeature.publish?.(null);
  desk.close();
});

const saved = (): Record<string, unknown>[] =>
  [...desk.operations.values()].map(({ text }) => JSON.parse(text));
const tap = (name: string): boolean => fireEvent.click(screen.getByRole('button', { name }));

it('asks on the first screen and explains in two taps', async () => {
  expect(screen.getByRole('link').textContent).toContain('1 条记录请你说明');
  const ask = within(screen.getByRole('region', { name: '请你说明' }));
  expect(ask.getByText(/3 分钟记了 4 户已宣传/)).toBeTruthy();
  expect(ask.getByText(/18、17 层/)).toBeTruthy();
  tap('几户一起讲的');
  await expect
    .poll(() => screen.getByRole('button', { name: '说明' }).hasAttribute('disabled'))
    .toBe(false);
  tap('说明');
  await expect.poll(saved).toHaveLength(1);
  expect(saved()[0]).toMatchObject({ type: 'flag_explain', flag: 'f1', note: '几户一起讲的' });
  await expect.poll(() => asked.value.flags).toHaveLength(0);
});

it('does not save nothing, nor too much', async () => {
  const field = screen.getByRole('textbox', { name: '自己写一句' });
  fireEvent.input(field, { target: { value: '   ' } });
  tap('说明');
  fireEvent.input(field, { target: { value: '字'.repeat(501) } });
  expect(await screen.findByText('最多 500 个字。')).toBeTruthy();
  tap('说明');
  expect(saved()).toHaveLength(0);
});

it('records what was found at a door, and takes it back', async () => {
  tap('记得来过');
  fireEvent.click(await screen.findByRole('button', { name: '没装' }));
  await expect.poll(saved).toHaveLength(1);
  expect(saved()[0]).toMatchObject({
    type: 'recheck',
    recheck: 'r1',
    answer: 'visited',
    app: 'none',
  });
  await expect.poll(() => asked.value.rechecks).toHaveLength(0);
  fireEvent.click(await screen.findByRole('button', { name: text.value.common.undo }));
  await expect.poll(() => asked.value.rechecks).toHaveLength(1);
  expect(saved()[1]).toMatchObject({ type: 'void', operation: saved()[0]?.id });
});

it('keeps a door at which nobody was home', async () => {
  tap('没人应门');
  await expect.poll(saved).toHaveLength(1);
  expect(saved()[0]).toMatchObject({ answer: 'no_answer' });
  expect(asked.value.rechecks).toHaveLength(1);
});
