import { describe, expect, it } from 'vitest';
import type { Door, Floor, Unit } from '../../core/types';
import { columnOf, doorsPerFloor, layoutOf } from './columns';

const door = (floor: number | null, room: string): Door => ({ floor, room }) as Door;

function unit(floors: [number | null, string[]][]): Unit {
  const rows: Floor[] = floors.map(([floor, rooms]) => ({
    floor,
    doors: rooms.map((room) => door(floor, room)),
  }));
  return { floors: rows, columns: Math.max(...rows.map((row) => row.doors.length)) } as Unit;
}

const regular = (floors: number, rooms: number): [number, string[]][] =>
  Array.from({ length: floors }, (_, index) => [
    index + 1,
    Array.from({ length: rooms }, (_x, room) => `${index + 1}0${room + 1}`),
  ]);

describe('the part of a room number after the floor', () => {
  it.each([
    [14, '1403', '03'],
    [9, '901', '01'],
    [9, '0901', '01'],
    [12, '12-3', '3'],
    [3, '3A', 'A'],
    [1, '111', '11'],
    [11, '111', '1'],
  ])('floor %s, room %s is %s', (floor, room, column) => {
    expect(columnOf(door(floor, room))).toBe(column);
  });

  it.each([
    [null, '1403'],
    [3, '1403'],
    [1, '商铺1'],
  ])('floor %s, room %s has none', (floor, room) => {
    expect(columnOf(door(floor, room))).toBeNull();
  });
});

describe('the columns of a stairwell', () => {
  it('have labels when the rooms follow the floors', () => {
    expect(layoutOf(unit(regular(6, 4)), 6)).toEqual({
      count: 4,
      labels: ['01', '02', '03', '04'],
    });
  });

  it('are not widened by one odd door', () => {
    const floors = regular(10, 4);
    floors[9]?.[1].push('1007');
    expect(layoutOf(unit(floors), 6).labels).toEqual(['01', '02', '03', '04']);
  });

  it('keep their labels beside shops without a floor', () => {
    const layout = layoutOf(unit([...regular(6, 2), [null, ['商铺1', 'A01']]]), 6);
    expect(layout.labels).toEqual(['01', '02']);
  });

  it('wrap without labels when a floor has more doors than fit', () => {
    expect(layoutOf(unit(regular(5, 9)), 6)).toEqual({ count: 6, labels: [] });
  });

  it('are fewer for long room numbers', () => {
    const rooms = ['西北角一号', '西北角二号', '西北角三号车库', '四号'];
    expect(layoutOf(unit([[1, rooms]]), 6)).toEqual({ count: 3, labels: [] });
  });

  it('are at least one', () => {
    expect(layoutOf(unit([[null, []]]), 6).count).toBe(1);
  });
});

describe('doors on each floor', () => {
  it('are told when nearly all floors agree', () => {
    const floors = regular(10, 4);
    floors[9]?.[1].push('1007');
    expect(doorsPerFloor([unit(floors)])).toBe(4);
  });

  it('are not told when floors differ', () => {
    expect(doorsPerFloor([unit(regular(5, 4)), unit(regular(5, 2))])).toBeNull();
  });
});
