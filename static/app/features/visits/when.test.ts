import { expect, it } from 'vitest';
import vectors from '../../../../tests/vectors/when.json';
import { whenToGo } from './when';

it.each(vectors.cases)('is the same as on the server: $name', ({ moments, tried, go }) => {
  const found = whenToGo(
    moments.map((moment) => Date.parse(moment)),
    vectors.timezone,
  );
  expect(found).toEqual(go === null ? null : { tried, go });
});
