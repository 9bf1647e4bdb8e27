import { describe, expect, it } from 'vitest';
import type { BuildingSummary } from '../../core/types';
import { alongTheWay, matching, ordered, together } from './order';

function building(name: string, more: Partial<BuildingSummary> = {}): BuildingSummary {
  return {
    id: name,
    name,
    compound: '甲苑',
    grid: null,
    address: null,
    practice: false,
    yours: true,
    distance: null,
    target: 8500,
    counts: { occupied: 0, reached: 0, installed: 0 },
    ...more,
  } as BuildingSummary;
}

const names = (all: BuildingSummary[]): string[] => all.map(({ name }) => name);

describe('the order of buildings', () => {
  it('by name puts 2 before 10', () => {
    const all = [building('10号楼'), building('2号楼'), building('1号楼')];
    expect(names(ordered(all, false))).toEqual(['1号楼', '2号楼', '10号楼']);
  });

  it('by distance puts those without a place last', () => {
    const all = [building('a'), building('b', { distance: 300 }), building('c', { distance: 40 })];
    expect(names(ordered(all, true))).toEqual(['c', 'b', 'a']);
  });

  it('along the way from here takes what is left, then all others by name', () => {
    const at = (lon: number, left = 5) => ({ lat: 29.97, lon, left });
    const all = [
      building('1号楼', at(106.272)),
      building('2号楼', at(106.271)),
      building('3号楼', at(106.274)),
      building('4号楼', at(106.273, 0)),
      building('5号楼', { lat: null, lon: null, left: 9 }),
      building('practice', { practice: true, ...at(106.27) }),
    ];
    const rest = ['4号楼', '5号楼', 'practice'];
    expect(names(alongTheWay(all, { lat: 29.97, lon: 106.27 }))).toEqual([
      '2号楼',
      '1号楼',
      '3号楼',
      ...rest,
    ]);
    expect(names(alongTheWay(all, { lat: 29.97, lon: 106.28 }))).toEqual([
      '3号楼',
      '1号楼',
      '2号楼',
      ...rest,
    ]);
    expect(names(alongTheWay(all, null)).slice(3)).toEqual(rest);
  });

  it('keeps the practice building and those no longer mine at the end', () => {
    const all = [
      building('practice', { practice: true, distance: 1 }),
      building('lost', { yours: false, distance: 2 }),
      building('mine', { distance: 900 }),
    ];
    expect(names(ordered(all, true))).toEqual(['mine', 'lost', 'practice']);
  });
});

describe('the search', () => {
  const all = [building('3号楼'), building('3号楼', { compound: '紫荆园' }), building('13号楼')];

  it('finds by name and compound together, in full-width digits too', () => {
    expect(matching(all, '紫荆 ３')).toEqual([all[1]]);
  });

  it('finds everything for nothing', () => {
    expect(matching(all, '  ')).toHaveLength(3);
  });
});

describe('my buildings together', () => {
  const counts = (occupied: number, reached: number, installed: number) =>
    ({ occupied, reached, installed }) as BuildingSummary['counts'];

  it('round the rate down and the missing homes up', () => {
    const all = [
      building('a', { counts: counts(3, 2, 0) }),
      building('b', { counts: counts(4, 3, 1) }),
    ];
    // 5 of 7 is 71.42 %; 85 % of 7 is 5.95, so one more.
    expect(together(all, 'publicity')).toEqual({ rate: 7142, target: 8500, toTarget: 1 });
    expect(together(all, 'app')).toMatchObject({ rate: 1428, toTarget: 5 });
  });

  it('leave the practice building and those no longer mine out', () => {
    const all = [
      building('a', { counts: counts(10, 1, 0), practice: true }),
      building('b', { counts: counts(10, 1, 0), yours: false }),
    ];
    expect(together(all, 'publicity').rate).toBeNull();
  });
});
