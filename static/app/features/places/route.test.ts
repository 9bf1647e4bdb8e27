import { describe, expect, it } from 'vitest';

import vectors from '../../../../tests/vectors/route.json';
import { type Point, route } from './route';

const point = ([lat = 0, lon = 0]: number[]): Point => ({ lat, lon });

describe('the way past all buildings', () => {
  it.each(vectors.cases)('is the same as on the server: $name', ({ points, start, order }) => {
    expect(route(points.map(point), start ? point(start) : null)).toEqual(order);
  });
});
