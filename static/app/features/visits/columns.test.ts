import { expect, it } from 'vitest';

import { visitsOf } from './draw';

const NEW = '019ac1f2-7a30-7c11-9d3e-0a5b8c2f4e61';
const MADE = 0x019ac1f27a30;
const COLUMNS = { id: [NEW, NEW], by: [null, null], outcome: ['informed', 'refused'] } as const;
const columns = (more: object) => ({ ...structuredClone(COLUMNS), ...more }) as never;
const moments = (more: object) => visitsOf(columns(more)).map(({ moment }) => moment);

it('knows when a visit was from its id, and what the columns say beside it', () => {
  expect(moments({})).toEqual([MADE, MADE]);
  expect(moments({ off: [0, -1_200] })).toEqual([MADE, MADE - 1_200]);
});

it('still reads the rows that a phone kept before moments were in the ids', () => {
  expect(moments({ moment: [5, 9] })).toEqual([5, 9]);
});
