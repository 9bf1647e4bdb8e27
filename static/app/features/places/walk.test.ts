import { expect, it } from 'vitest';
import type { Door } from '../../core/types';
import { nextAfter } from './walk';

const door = (room: string, display: string): Door =>
  ({
    building: 'b',
    household: room,
    unit: '1',
    floor: 1,
    room,
    display,
    open: 0,
    state: { follow_up_on: null },
  }) as unknown as Door;

const doors = [door('101', 'no_answer'), door('102', 'untouched'), door('103', 'no_answer')];
const units = [{ unit: '1', doors }];

it('leaves what had better wait for another time to the end', () => {
  const later = ({ room }: Door): boolean => room !== '102';
  expect(nextAfter(units, null, '2026-11-23')?.room).toBe('101');
  expect(nextAfter(units, null, '2026-11-23', undefined, later)?.room).toBe('102');
  const only = [{ unit: '1', doors: doors.filter(({ room }) => room !== '102') }];
  expect(nextAfter(only, null, '2026-11-23', undefined, later)?.room).toBe('101');
});
