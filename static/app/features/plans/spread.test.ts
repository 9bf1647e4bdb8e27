import { expect, it } from 'vitest';
import vectors from '../../../../tests/vectors/spread.json';
import { ofDay } from './spread';

it.each(vectors.cases)('is the same as on the server: $day', ({ months, weekdays, day, share }) => {
  expect(ofDay(months, weekdays, day)).toBe(share);
});
