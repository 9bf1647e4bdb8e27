import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fenOf, wanOf, yuanOf } from './money';

describe('an amount as it is typed', () => {
  it.each([
    ['78000', 7_800_000],
    ['78,000', 7_800_000],
    ['７８，０００', 7_800_000],
    ['7.8万', 7_800_000],
    ['7.8 w', 7_800_000],
    ['50 万元', 50_000_000],
    ['¥3200.5', 320_050],
    ['0', 0],
    ['0.01', 1],
  ])('%s is %i fen', (typed, fen) => {
    expect(fenOf(typed)).toBe(fen);
  });

  it('is null when nothing was typed', () => {
    expect(fenOf('')).toBeNull();
    expect(fenOf('  ')).toBeNull();
  });

  it.each(['many', '-5', '1.234', '7万8', '1e5', '99999999999999', '6222 0000 1111 2222 333'])(
    'refuses %s',
    (typed) => {
      expect(fenOf(typed)).toBeUndefined();
    },
  );

  it('comes back as it was, whatever it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 13 }), (fen) => {
        expect(fenOf(yuanOf(fen))).toBe(fen);
      }),
    );
  });
});

describe('an amount on screen', () => {
  it('is grouped, and has cents only where there are any', () => {
    expect(yuanOf(7_800_000)).toBe('78,000');
    expect(yuanOf(320_050)).toBe('3,200.50');
    expect(yuanOf(0)).toBe('0');
    expect(yuanOf(10 ** 13)).toBe('100,000,000,000');
  });

  it('is also counted in ten thousands', () => {
    expect(wanOf(7_800_000)).toBe('7.8');
    expect(wanOf(50_000_000)).toBe('50');
    expect(wanOf(999_900)).toBeNull();
  });
});
