import { describe, expect, it } from 'vitest';
import vectors from '../../../../tests/vectors/account_number.json';
import { hasAccountNumber } from './account';

describe('numbers of cards keep to the shared vectors', () => {
  for (const { text, is } of vectors.cases) {
    it(`${text || 'nothing'}: ${is ?? 'none'}`, () => {
      expect(hasAccountNumber(text)).toBe(is !== null);
    });
  }
});
