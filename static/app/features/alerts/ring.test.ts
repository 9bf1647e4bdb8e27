import { describe, expect, it } from 'vitest';
import { announced, ringOf } from './ring';

const MINUTE = 60_000;
const alert = { received_at: 0, deadline: 60 * MINUTE };
const at = (minutes: number, seconds = 0): number => minutes * MINUTE + seconds * 1_000;
const brief = (now: number, seconds = false) => {
  const { tone, big, small, soon } = ringOf(alert, now, seconds);
  return [tone, big, small, soon ? 'soon' : ''].filter(Boolean).join(' ');
};

describe('a countdown', () => {
  it('runs in minutes in a list and in seconds on its own screen', () => {
    expect(brief(at(21, 40))).toBe('run 38 分');
    expect(brief(at(21, 40), true)).toBe('run 38:20 剩余');
    expect(ringOf(alert, at(15)).part).toBe(75);
  });

  it('counts in hours when there is that much', () => {
    const long = { received_at: 0, deadline: 24 * 60 * MINUTE };
    expect(ringOf(long, at(60 * 20 + 30)).big).toBe('3:30');
    expect(ringOf(long, at(10)).big).toBe('23');
    expect(ringOf(long, at(10)).small).toBe('小时');
  });

  it('pulses under ten minutes', () => {
    expect(brief(at(50))).toBe('run 10 分');
    expect(brief(at(50, 1))).toBe('run 9 分 soon');
  });

  it('is solid with the minutes over when the time is up', () => {
    expect(brief(at(60))).toBe('over +0 超时');
    expect(brief(at(66))).toBe('over +6 超时');
    expect(brief(at(60 + 180))).toBe('over +3小时 超时');
  });

  it('is calm once the person was reached, also when that was late', () => {
    const reached = { ...alert, in_contact_at: Date.parse('2026-11-22T11:09:00+08:00') };
    expect(ringOf(reached, at(200))).toMatchObject({ tone: 'calm', big: '11:09', small: '已联系' });
  });
});

describe('a screen reader hears', () => {
  it.each([
    [at(29, 59), at(30), '还剩 30 分钟'],
    [at(49, 59), at(50), '还剩 10 分钟'],
    [at(54, 59), at(55), '还剩 5 分钟'],
    [at(59, 59), at(60), '到时间了，还没联系上'],
  ])('at %i something', (before, now, said) => {
    expect(announced(alert, before, now)).toBe(said);
  });

  it('nothing in between, nothing twice, nothing after contact', () => {
    expect(announced(alert, at(30), at(30, 1))).toBeNull();
    expect(announced(alert, at(40), at(41))).toBeNull();
    expect(announced(alert, at(60), at(61))).toBeNull();
    expect(announced({ ...alert, in_contact_at: at(20) }, at(49), at(51))).toBeNull();
  });

  it('only the latest when the phone slept over several', () => {
    expect(announced(alert, at(20), at(56))).toBe('还剩 5 分钟');
  });
});
