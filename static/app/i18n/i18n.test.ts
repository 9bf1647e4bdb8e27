import { describe, expect, it } from 'vitest';
import { doorNumber } from './door';
import { en } from './en';
import { catalogue, speak } from './index';
import { zh } from './zh';

type Tree = { [key: string]: unknown };

/** The first load's catalogue and those that travel with the lazy parts: Chinese beside English. */
const chinese = import.meta.glob<{ zh: Tree }>('../features/**/texts.zh.ts', { eager: true });
const english = import.meta.glob<{ en: Tree }>('../features/**/texts.en.ts', { eager: true });
const CATALOGUES: [string, Tree, Tree | undefined][] = [
  ['i18n', zh, en],
  ...Object.entries(chinese).map(([path, file]): [string, Tree, Tree | undefined] => [
    path,
    file.zh,
    english[path.replace('.zh.ts', '.en.ts')]?.en,
  ]),
];
const FOREIGN = ['app.otherLanguage', 'me.chinese', 'me.english'];

function leaves(tree: Tree, path = ''): [string, unknown][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null
      ? leaves(value as Tree, `${path}${key}.`)
      : [[`${path}${key}`, value] as [string, unknown]],
  );
}

it('every catalogue is found, and none is without its other language', () => {
  expect(CATALOGUES.length).toBeGreaterThan(4);
  expect(CATALOGUES).toHaveLength(Object.keys(english).length + 1);
});

describe.each(CATALOGUES)('the catalogue %s', (_path, inChinese, inEnglish = {}) => {
  it('has the same keys in both languages', () => {
    const keys = (tree: Tree): string[] => leaves(tree).map(([key]) => key);
    expect(keys(inEnglish).sort()).toEqual(keys(inChinese).sort());
  });

  it('uses every value that a sentence is given', () => {
    for (const [key, value] of [...leaves(inChinese), ...leaves(inEnglish)]) {
      if (typeof value !== 'function') continue;
      const marks = Array.from({ length: value.length }, (_, at) => `<${at}>`);
      for (const mark of marks) {
        // A place without units, and a list of names, may be left out.
        expect(`${key} ${value(...marks)}`).toContain(mark);
      }
    }
  });

  it('never shouts', () => {
    for (const [key, value] of [...leaves(inChinese), ...leaves(inEnglish)]) {
      const said = typeof value === 'function' ? String(value('1', '2')) : String(value);
      expect(`${key} ${said}`).not.toMatch(/[!！]/);
    }
  });

  it('speaks English in English', () => {
    for (const [key, value] of leaves(inEnglish)) {
      if (FOREIGN.includes(key)) continue;
      expect(`${key} ${typeof value === 'function' ? value('1', '2') : value}`).not.toMatch(
        /[一-鿿]/,
      );
    }
  });
});

it('words of a lazy part follow the language on screen', async () => {
  const words = catalogue({ hello: '您好' }, { hello: 'Hello' });
  expect(words.value.hello).toBe('您好');
  await speak('en');
  expect(words.value.hello).toBe('Hello');
  await speak('zh');
  expect(words.value.hello).toBe('您好');
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
