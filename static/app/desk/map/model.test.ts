import { describe, expect, it } from 'vitest';
import {
  blocks,
  found,
  furthestFirst,
  labelsOf,
  type MapData,
  painted,
  rate,
  type Wanted,
} from './model';

const DATA: MapData = {
  labels: ['甲苑', '一网格', '乙苑', ''],
  buildings: [
    ['a', '甲苑3号楼', 0, 1, 106_264_800, 29_962_100, [[0, 0, 10, 0, 0, 10]], 40, 36, 30, 18, 9],
    ['b', '4号楼', 0, 1, null, null, null, 40, 40, 0, 0, 0],
    ['c', '10 BEDOK RD', 2, 3, 103_900_000, 1_320_000, null, 0, 0, 0, 0, 0],
  ],
};
const all = blocks(DATA);
const ALL: Wanted = { compound: '', grid: '', words: '', unplaced: false };
const ids = (list: { id: string }[]): string[] => list.map(({ id }) => id);

describe('the desk map', () => {
  it('reads places, outlines and counts', () => {
    expect(all[0]).toMatchObject({ placed: true, lat: 29.9621, compound: '甲苑', reached: 18 });
    expect(all[0]?.rings).toHaveLength(1);
    expect(all[1]?.placed).toBe(false);
  });

  it('colours by the rate that is asked for, never rounded up', () => {
    const [first, , third] = all;
    if (!first || !third) throw new Error('three');
    expect(rate(first, 'publicity')).toBe(5_000);
    expect(rate(first, 'app')).toBe(2_500);
    expect(rate(first, 'knocked')).toBe(7_500);
    expect(rate(third, 'publicity')).toBeNull();
    expect(painted(first, 'app')).toMatchObject({ label: '3号', rate: 2_500, faded: false });
  });

  it('finds by compound, by words of the name, and what has no place', () => {
    expect(ids(found(all, { ...ALL, compound: '甲苑' }))).toEqual(['a', 'b']);
    expect(ids(found(all, { ...ALL, words: 'bedok 10' }))).toEqual(['c']);
    expect(ids(found(all, { ...ALL, unplaced: true }))).toEqual(['b']);
    expect(labelsOf(all, 'grid')).toEqual(['一网格']);
  });

  it('puts who is furthest from the target first, without doors last', () => {
    expect(ids(furthestFirst(all, 'publicity'))).toEqual(['b', 'a', 'c']);
  });
});
