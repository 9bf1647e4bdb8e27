import { expect, it } from 'vitest';
import type { MapAnswer } from '../../contract';
import type { BuildingSummary } from '../../core/types';
import { onMap, shapesOf } from './onMap';

const area: MapAnswer = {
  version: 'v',
  buildings: [
    { id: 'mine', name: '旧名', at: [106_264_800, 29_962_100], outline: [[0, 0, 10, 0, 0, 10]] },
    { id: 'other', name: '5号楼', at: [106_265_000, 29_962_100], compound: '甲苑' },
  ],
};
const summary = (id: string, more: Partial<BuildingSummary> = {}): BuildingSummary =>
  ({
    id,
    name: '3号楼',
    compound: '甲苑',
    lat: 29.96,
    lon: 106.26,
    rate: 6_100,
    practice: false,
    ...more,
  }) as BuildingSummary;

it('own buildings carry their coverage, the others only show the way', () => {
  const [mine, other] = onMap(shapesOf(area), [summary('mine')]);
  expect(mine).toMatchObject({ label: '3号', rate: 6_100, faded: false });
  expect(mine?.rings).toHaveLength(1);
  expect(other).toMatchObject({ label: '5号', rate: null, faded: true, mine: null });
});

it('own buildings that the map lacks are points where the list knows their place', () => {
  const all = onMap(shapesOf(null), [summary('mine'), summary('lost', { lat: null, lon: null })]);
  expect(all.map(({ id, rings }) => [id, rings])).toEqual([['mine', null]]);
});

it('the practice building is on no map', () => {
  expect(onMap(shapesOf(null), [summary('p', { practice: true })])).toEqual([]);
});

it('shapes are the same objects from one drawing to the next', () => {
  const shapes = shapesOf(area);
  const [first] = onMap(shapes, [summary('mine')]);
  const [second] = onMap(shapes, [summary('mine', { distance: 40 })]);
  expect(second?.rings).toBe(first?.rings);
});
