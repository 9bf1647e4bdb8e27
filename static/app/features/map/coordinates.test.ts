import { expect, it } from 'vitest';
import { readPlace, readPlaces, writePlace } from './coordinates';

it.each([
  ['29.9621, 106.2648'],
  ['29.9621 106.2648'],
  ['29.9621，106.2648'],
  [' 106.2648;29.9621 '],
])('%s is a place', (text) => {
  expect(readPlace(text)).toEqual({ lat: 29.9621, lon: 106.2648 });
});

it.each([[''], ['29.9621'], ['north, east'], ['95, 190'], ['1e3, 2'], ['29.9621, 106.2648, 3']])(
  '%s is none',
  (text) => {
    expect(readPlace(text)).toBeNull();
  },
);

it('what is written is read again', () => {
  const place = { lat: -33.868812, lon: 151.209312 };
  expect(readPlace(writePlace(place))).toEqual(place);
});

it('corners are lines; one that cannot be read spoils them all', () => {
  expect(readPlaces('1, 2\n\n3, 4\n')).toEqual([
    { lat: 1, lon: 2 },
    { lat: 3, lon: 4 },
  ]);
  expect(readPlaces('1, 2\nhere')).toBeNull();
});
