import { describe, expect, it } from 'vitest';
import { doorNumber } from './door';
import { en } from './en';
import { zh } from './zh';

type Tree = { [key: string]: unknown };

function leaves(tree: Tree, path = ''): [string, unknown][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null
      ? leaves(value as Tree, `${path}${key}.`)
      : [[`${path}${key}`, value] as [string, unknown]],
  );
}

describe('the catalogues', () => {
  it('have the same keys', () => {
    const keys = (tree: Tree): string[] => leaves(tree).map(([key]) => key);
    expect(keys(en)).toEqual(expect.arrayContaining(keys(zh)));
    expect(keys(zh)).toEqual(expect.arrayContaining(keys(en)));
  });

  it('use every value that a sentence is given', () => {
    for (const [key, value] of [...leaves(zh), ...leaves(en)]) {
      if (typeof value !== 'function') continue;
      const marks = Array.from({ length: value.length }, (_, at) => `<${at}>`);
      for (const mark of marks) {
        // A place without units, and a list of names, may be left out.
        expect(`${key} ${value(...marks)}`).toContain(mark);
      }
    }
  });

  it('never shout', () => {
    for (const [key, value] of [...leaves(zh), ...leaves(en)]) {
      const said = typeof value === 'function' ? String(value('1', '2')) : String(value);
      expect(`${key} ${said}`).not.toMatch(/[!！]/);
    }
  });

  it('speak Chinese in Chinese and English in English', () => {
    const foreign = ['app.otherLanguage', 'me.chinese', 'me.english'];
    for (const [key, value] of leaves(en)) {
      if (foreign.includes(key)) continue;
      expect(`${key} ${typeof value === 'function' ? value('1', '2') : value}`).not.toMatch(
        /[一-鿿]/,
      );
    }
  });
});

describe('a door as people say it', () => {
  it.each([
    ['3号楼', '2', '1403', '3-2-1403'],
    ['12栋', '', '101', '12-101'],
    ['C幢', '1', '7-3', 'C-1-7-3'],
    ['Block 5', '2', '901', '5-2-901'],
    ['紫荆园', '1', '101', '紫荆园-1-101'],
  ])('%s, unit %s, room %s is %s', (building, unit, room, said) => {
    expect(doorNumber(building, unit, room)).toBe(said);
  });
});
