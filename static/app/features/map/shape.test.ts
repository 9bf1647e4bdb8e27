import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decoded, type Flat, flat, hit, inside, type Painted, short } from './shape';

const plain = ({ lat, lon }: { lat: number; lon: number }) => ({ x: lon, y: lat });
const painted = (id: string, corners: number[] | null): Painted => ({
  id,
  name: id,
  label: id,
  lat: corners ? middle(corners, 1) : 0,
  lon: corners ? middle(corners, 0) : 0,
  rings: corners && [Float64Array.from(corners)],
  rate: null,
  faded: false,
});
const middle = (corners: number[], from: number): number => {
  const own = corners.filter((_, i) => i % 2 === from);
  return (Math.min(...own) + Math.max(...own)) / 2;
};
const square = (id: string, x: number, y: number, size: number): Flat =>
  flat(painted(id, [x, y, x + size, y, x + size, y + size, x, y + size]), 'wgs84', plain);

describe('an outline on the way', () => {
  it('comes out as it went in', () => {
    const { lon, lat, rings } = decoded([106_264_800, 29_962_100], [[-100, -50, 200, 0, 0, 100]]);
    expect([lon, lat]).toEqual([106.2648, 29.9621]);
    expect([...(rings?.[0] ?? [])]).toEqual([
      106.2647, 29.96205, 106.2649, 29.96205, 106.2649, 29.96215,
    ]);
  });

  it('may be no more than a point', () => {
    expect(decoded([1, 2], undefined).rings).toBeNull();
  });
});

describe('a finger', () => {
  it('means the smallest building around it', () => {
    const all = [square('estate', 0, 0, 100), square('kiosk', 40, 40, 10)];
    expect(hit(all, 45, 45, 0)?.of.id).toBe('kiosk');
    expect(hit(all, 10, 10, 0)?.of.id).toBe('estate');
  });

  it('means the nearest one within reach when it is beside all', () => {
    const all = [square('left', 0, 0, 10), square('right', 30, 0, 10)];
    expect(hit(all, 13, 5, 5)?.of.id).toBe('left');
    expect(hit(all, 27, 5, 5)?.of.id).toBe('right');
    expect(hit(all, 20, 5, 5)).toBeNull();
  });

  it('does not mean a building whose courtyard it points into', () => {
    const yard = square('yard', 0, 0, 30);
    yard.rings?.push(Float64Array.from([10, 10, 20, 10, 20, 20, 10, 20]));
    expect(inside(yard, 5, 5)).toBe(true);
    expect(inside(yard, 15, 15)).toBe(false);
  });

  it('finds a point of which no outline is known', () => {
    const spot = flat({ ...painted('spot', null), lon: 5, lat: 5 }, 'wgs84', plain);
    expect(hit([spot], 7, 5, 4)?.of.id).toBe('spot');
  });
});

it('is inside a convex ring whenever it is a mean of its corners', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000), { minLength: 8, maxLength: 8 }), ([a, b, c, d]) => {
      const [w, h] = [1 + (a ?? 0), 1 + (b ?? 0)];
      const one = flat(painted('x', [0, 0, w, 0, w, h, 0, h]), 'wgs84', plain);
      const x = (w * (1 + (c ?? 0))) / 1002;
      const y = (h * (1 + (d ?? 0))) / 1002;
      expect(inside(one, x, y)).toBe(true);
      expect(inside(one, x + w, y)).toBe(false);
    }),
  );
});

it.each([
  ['3号楼', '', '3号'],
  ['金色年华3号楼', '金色年华', '3号'],
  ['C座', '', 'C座'],
  ['金色年华', '金色年华', '金色年华'],
  ['12 BEDOK RD', '', '12 BEDOK RD'],
])('%s of %s is written %s', (name, compound, label) => {
  expect(short(name, compound)).toBe(label);
});
