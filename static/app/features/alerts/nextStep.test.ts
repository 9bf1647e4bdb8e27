import { describe, expect, it } from 'vitest';
import type { Channel, Level, Result } from './codes';
import { nextStep, type Tried } from './nextStep';

const MINUTE = 60_000;
const LONG: Record<Level, number> = { very_high: 30, high: 60, medium: 240, low: 1440 };

/** `5 call no_answer`: five minutes after the alert. */
const story = (...lines: string[]): Tried[] =>
  lines.map((line) => {
    const [at, channel, result] = line.split(' ');
    return {
      moment: Number(at) * MINUTE,
      channel: channel as Channel,
      result: result as Result,
    };
  });

const next = (level: Level, now: number, ...lines: string[]) => {
  const deadline = LONG[level] * MINUTE;
  const { why, channels } = nextStep(story(...lines), {
    level,
    received: 0,
    deadline,
    now: now * MINUTE,
  });
  return [why, ...channels].join(' ');
};

describe('the next step', () => {
  it('is a call when nothing was tried', () => {
    expect(next('high', 1)).toBe('call call');
  });

  it('is to call again after one unanswered call', () => {
    expect(next('high', 3, '2 call no_answer')).toBe('callAgain call');
  });

  it('after two unanswered calls in five minutes is message and door at once', () => {
    expect(next('high', 6, '2 call no_answer', '5 call no_answer')).toBe('unanswered message door');
  });

  it('is the door alone once the message is out', () => {
    expect(next('high', 7, '2 call no_answer', '5 call no_answer', '6 message sent')).toBe(
      'unanswered door',
    );
  });

  it('does not wait for a second call for ever', () => {
    expect(next('high', 7, '2 call no_answer')).toBe('unanswered message door');
  });

  it('at the highest level needs one unanswered call only', () => {
    expect(next('very_high', 2, '1 call no_answer')).toBe('unanswered message door');
  });

  it('on a busy line is the family in parallel', () => {
    expect(next('high', 3, '2 call busy')).toBe('busy family message');
  });

  it('leaves time at lower levels, until half of it is gone', () => {
    const calls = ['2 call no_answer', '4 call no_answer'];
    expect(next('medium', 10, ...calls)).toBe('message message call');
    expect(next('medium', 20, ...calls, '12 message sent')).toBe('callAgain call');
    expect(next('medium', 121, ...calls, '12 message sent')).toBe('unanswered door');
  });

  it('counts unanswered calls only since somebody answered', () => {
    const answered = ['1 call no_answer', '2 call answered', '9 call no_answer'];
    expect(next('high', 10, ...answered)).toBe('callAgain call');
  });

  it.each([
    ['call denied', 'see door'],
    ['call answered', 'see door'],
    ['call refused', 'see door'],
    ['call wrong_number', 'wrongNumber door family'],
    ['family family_reached', 'family door call'],
    ['door no_answer', 'doorAgain call family'],
    ['workplace no_answer', 'doorAgain call family'],
    ['door evaded', 'evaded family door'],
    ['door met', 'met door'],
    ['bank at_bank', 'atBank bank door'],
    ['police at_police', 'atPolice police'],
    ['call paid', 'paid police bank'],
    ['door still_at_risk', 'atRisk family police'],
  ])('after "%s" is "%s"', (last, expected) => {
    expect(next('high', 6, '2 call no_answer', `5 ${last}`)).toBe(expected);
  });
});
