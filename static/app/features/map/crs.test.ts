import { readFileSync } from 'node:fs';
import gcoord from 'gcoord';
import { describe, expect, it } from 'vitest';
import { fromBase, fromGrid, type System, toBase, toGrid } from './crs';

type Pair = [number, number];
type Vector = { name: string; wgs84: Pair; gcj02: Pair; bd09: Pair; bd09mc: Pair };
const { cases } = JSON.parse(readFileSync('tests/vectors/coordinates.json', 'utf8')) as {
  cases: Vector[];
};
const SYSTEMS: System[] = ['wgs84', 'gcj02', 'bd09'];
const HAND = 5e-6; // degrees, half a metre
const STEP = 5e-5; // Baidu's grid is drawn for China: far north of it, its way back is coarser

describe.each(cases)('$name', (vector) => {
  const here = { lon: vector.wgs84[0], lat: vector.wgs84[1] };

  it('is where gcoord puts it', () => {
    for (const [system, type] of [
      ['gcj02', gcoord.GCJ02],
      ['bd09', gcoord.BD09],
    ] as const) {
      const [lon, lat] = gcoord.transform([...vector.wgs84], gcoord.WGS84, type);
      expect(lon).toBeCloseTo(vector[system][0], 8);
      expect(lat).toBeCloseTo(vector[system][1], 8);
    }
  });

  it.each(SYSTEMS)('goes to %s and back', (system) => {
    const there = toBase(here, system);
    expect(there.lon).toBeCloseTo(vector[system][0], 8);
    expect(there.lat).toBeCloseTo(vector[system][1], 8);
    const back = fromBase(there, system);
    expect(Math.abs(back.lon - here.lon)).toBeLessThan(HAND);
    expect(Math.abs(back.lat - here.lat)).toBeLessThan(HAND);
  });

  it("stands in Baidu's grid", () => {
    const place = { lon: vector.bd09[0], lat: vector.bd09[1] };
    const grid = toGrid(place);
    expect(grid.x).toBeCloseTo(vector.bd09mc[0], 2);
    expect(grid.y).toBeCloseTo(vector.bd09mc[1], 2);
    const back = fromGrid(grid);
    expect(Math.abs(back.lon - place.lon)).toBeLessThan(STEP);
    expect(Math.abs(back.lat - place.lat)).toBeLessThan(STEP);
  });
});
