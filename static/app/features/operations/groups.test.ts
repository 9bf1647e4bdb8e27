import { expect, it } from 'vitest';
import type { OutboxItem } from '../../core/types';
import { groupsOf } from './groups';

let count = 0;

function item(room: string, more: Partial<OutboxItem> = {}): OutboxItem {
  count += 1;
  return {
    id: `o${count}`,
    type: 'visit',
    moment: count,
    status: 'unsent',
    buildingName: '3号楼',
    door: { building: 'b3', household: room, unit: '2', floor: 1, room },
    outcome: 'informed',
    alsoBy: null,
    alert: null,
    ...more,
  };
}

it('gathers visits of one building in one line, the latest door first', () => {
  const [group, ...rest] = groupsOf([item('101'), item('102'), item('103')]);
  expect(rest).toEqual([]);
  expect(group).toMatchObject({ count: 3, doors: 3, rooms: ['2-103', '2-102', '2-101'] });
});

it('counts a door that was logged twice once', () => {
  const [group] = groupsOf([item('101'), item('101')]);
  expect(group).toMatchObject({ count: 2, doors: 1 });
});

it('keeps kinds and buildings of the same name apart', () => {
  const elsewhere = { building: 'b9', household: 'x', unit: '1', floor: 1, room: '101' };
  const groups = groupsOf([
    item('101'),
    item('101', { type: 'void' }),
    item('1', { door: elsewhere }),
  ]);
  expect(groups).toHaveLength(3);
});

it('names everybody who logged one of the doors too, once', () => {
  const [group] = groupsOf([item('101', { alsoBy: 'Bo' }), item('102', { alsoBy: 'Bo' })]);
  expect(group?.alsoBy).toEqual(['Bo']);
});
