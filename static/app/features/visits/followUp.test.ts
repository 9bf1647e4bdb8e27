import { expect, it } from 'vitest';
import { weekdayOf } from '../../ui/format';
import { proposedDays } from './followUp';

const days = (today: string): string[] => proposedDays(today).map(({ day }) => day);

it('proposes three days on, the coming Saturday and Tuesday of next week', () => {
  // A Tuesday.
  expect(proposedDays('2025-11-18')).toEqual([
    { day: '2025-11-21', label: '3天后' },
    { day: '2025-11-22', label: '本周六' },
    { day: '2025-11-25', label: '下周二' },
  ]);
});

it('calls Saturday next week when today is Saturday or Sunday', () => {
  expect(proposedDays('2025-11-22').find(({ day }) => day === '2025-11-29')?.label).toBe('下周六');
  expect(proposedDays('2025-11-23').find(({ day }) => day === '2025-11-29')?.label).toBe('下周六');
});

it('never proposes a day twice, one that is over, or out of order, whatever the day', () => {
  for (let n = 1; n <= 28; n += 1) {
    const today = `2026-02-${String(n).padStart(2, '0')}`;
    const found = days(today);
    expect(new Set(found).size).toBe(found.length);
    expect(found.every((day) => day > today)).toBe(true);
    expect(found.slice(1)).toEqual([...found.slice(1)].sort());
    expect(found.some((day) => weekdayOf(day) === 6)).toBe(true);
  }
});
