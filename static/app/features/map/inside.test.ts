import { expect, it } from 'vitest';
import { inside } from './inside';

const L_SHAPE = [
  { lat: 0, lon: 0 },
  { lat: 0, lon: 4 },
  { lat: 2, lon: 4 },
  { lat: 2, lon: 2 },
  { lat: 4, lon: 2 },
  { lat: 4, lon: 0 },
];

it.each([
  [1, 1, true],
  [1, 3, true],
  [3, 1, true],
  [3, 3, false],
  [-1, 1, false],
  [5, 1, false],
  [1, 5, false],
])('knows that %f, %f is inside: %s', (lat, lon, is) => {
  expect(inside({ lat, lon }, L_SHAPE)).toBe(is);
  expect(inside({ lat, lon }, [...L_SHAPE].reverse())).toBe(is);
});

it('finds nothing within a line', () => {
  expect(inside({ lat: 1, lon: 1 }, [])).toBe(false);
  expect(inside({ lat: 1, lon: 1 }, L_SHAPE.slice(0, 2))).toBe(false);
});

it('counts each building of neighbouring rings once', () => {
  const ring = (west: number) => [
    { lat: 0, lon: west },
    { lat: 0, lon: west + 1 },
    { lat: 1, lon: west + 1 },
    { lat: 1, lon: west },
  ];
  for (const lon of [0.5, 1, 1.5]) {
    const hits = [0, 1].filter((west) => inside({ lat: 0.5, lon }, ring(west)));
    expect(hits).toHaveLength(1);
  }
});
