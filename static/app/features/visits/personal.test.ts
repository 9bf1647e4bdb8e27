import { describe, expect, it } from 'vitest';
import { personalNumberIn } from './personal';

describe('a note is warned about', () => {
  it.each([
    ['11010519491231002X', 'id'],
    ['身份证 11010519491231002x 请核对', 'id'],
    ['6222 0200 0000 0000 006', 'card'],
    ['4111-1111-1111-1111', 'card'],
    ['13800138000', 'phone'],
    ['电话 138 0013 8000 周末在家', 'phone'],
    ['＋８６１３８００１３８０００', 'phone'],
    ['021-62345678 找他女儿', 'phone'],
  ])('%s', (note, found) => {
    expect(personalNumberIn(note)).toBe(found);
  });
});

describe('a note is left alone', () => {
  it.each([
    '',
    '女儿周末在家，可一起讲',
    '3-2-1403 漏水',
    '2026-11-29 14:30 再来',
    '门禁 123456',
    '水表 1234567',
  ])('%s', (note) => {
    expect(personalNumberIn(note)).toBeNull();
  });
});
