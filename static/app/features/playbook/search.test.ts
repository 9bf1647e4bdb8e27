import { describe, expect, it } from 'vitest';
import { distance, forgiven } from './distance';
import { plain, stem } from './features';
import { Index, type Searched } from './search';
import { orderOf } from './shuffle';
import { Spelling } from './spelling';

const TABLE =
  'a啊 an安 ba八 dai带代 dan单但 fan返 gong公 ji机 jian检 lao老 li利里 ni你 ni piao票 shi师是 shua刷 tui退 wen稳 zhuan赚转';

const card = (id: string, more: Partial<Searched>): Searched => ({
  id,
  names: [],
  namesPinyin: [],
  initials: [],
  said: [],
  saidPinyin: [],
  enNames: [],
  enSaid: [],
  ...more,
});

const CARDS = [
  card('task', {
    names: ['刷单返利'],
    namesPinyin: ['shua dan fan li'],
    initials: ['sdfl'],
    said: ['先垫一百，返你一百四'],
    enNames: ['task scam'],
    enSaid: ['pay first and get it back'],
  }),
  card('invest', {
    names: ['投资'],
    namesPinyin: ['tou zi'],
    initials: ['tz'],
    said: ['老师带你稳赚'],
    enNames: ['fake investment'],
    enSaid: ['guaranteed profit from the guru'],
  }),
  card('ticket', {
    names: ['机票退票'],
    namesPinyin: ['ji piao tui piao'],
    initials: ['jptp'],
    said: ['航班取消了，厂长让我改签'],
  }),
];
const LANGUAGE = { table: TABLE, alike: ['领导 厂长 老板'], alikeEn: ['guru teacher'] };
const index = new Index(CARDS, LANGUAGE);
const first = (typed: string): string | undefined => index.search(typed)[0]?.id;

describe('a card is found', () => {
  it.each([
    ['by what was said', '老师带你稳赚', 'invest'],
    ['by part of it in other words', '有个老师，说能稳赚', 'invest'],
    ['by characters that only sound right', '老是代你稳转', 'invest'],
    ['by another word for the same', '老板说的', 'ticket'],
    ['by a name that has begun', '刷', 'task'],
    ['by a name with a wrong character', '刷但返里', 'task'],
    ['by a name inside a sentence', '我妈在家里做刷单返利那种事', 'task'],
    ['by pinyin', 'shuadan', 'task'],
    ['by pinyin with spaces', 'shua dan', 'task'],
    ['by pinyin with a slip', 'shaudan', 'task'],
    ['by a whole sentence in pinyin', 'laoshidainiwenzhuan', 'invest'],
    ['by initials', 'sdfl', 'task'],
    ['by full-width letters', 'ＳＤＦＬ', 'task'],
    ['in English', 'guaranteed profits', 'invest'],
    ['in English with a slip', 'garanteed proft', 'invest'],
    ['in English by another word for the same', 'my teacher', 'invest'],
  ])('%s', (_how, typed, id) => {
    expect(first(typed)).toBe(id);
  });

  it('not by what no card knows', () => {
    for (const typed of ['', '  ', '!?', 'qqq', '🙂']) expect(index.search(typed)).toEqual([]);
  });

  it('not beside others that fit far worse', () => {
    expect(index.search('刷单返利').map(({ id }) => id)).toEqual(['task']);
  });

  it('also when there is nothing to search', () => {
    const none = new Index([], { table: '', alike: [], alikeEn: [] });
    expect(none.search('老师')).toEqual([]);
  });
});

describe('spelling', () => {
  const spelling = new Spelling(TABLE);

  it('cuts letters into syllables', () => {
    expect(spelling.ofLetters('laoshidaini')).toEqual(['lao', 'shi', 'dai', 'ni']);
  });

  it('leaves out a letter too many, and gives up on what is no pinyin', () => {
    expect(spelling.ofLetters('laoshixdaini')).toEqual(['lao', 'shi', 'dai', 'ni']);
    expect(spelling.ofLetters('zzzz')).toEqual([]);
  });

  it('spells characters, and leaves out what it does not know', () => {
    expect(spelling.ofCharacters('老X师龘')).toEqual(['lao', 'shi']);
  });
});

describe('slips of the thumb', () => {
  it.each([
    ['same', 'same', 0],
    ['shuadan', 'shaudan', 1],
    ['police', 'polise', 1],
    ['kitten', 'sitting', 3],
    ['', 'abc', 3],
  ])('%s and %s are %i apart', (a, b, apart) => {
    expect(distance(a, b, 5)).toBe(apart);
    expect(distance(b, a, 5)).toBe(apart);
  });

  it('are forgiven the more the longer the word', () => {
    expect([1, 3, 4, 7, 8].map(forgiven)).toEqual([0, 0, 1, 1, 2]);
  });
});

describe('words', () => {
  it('are compared without width, case and marks', () => {
    expect(plain('「老师，ＡＢ!」')).toBe('老师 ab');
  });

  it('lose their endings', () => {
    expect(['paying', 'parcels', 'codes', 'tax'].map(stem)).toEqual([
      'pay',
      'parcel',
      'cod',
      'tax',
    ]);
  });
});

describe('the order of answers', () => {
  it('is the same every time, and another for another question', () => {
    expect(orderOf('first', 4)).toEqual(orderOf('first', 4));
    expect([...orderOf('first', 4)].sort()).toEqual([0, 1, 2, 3]);
    const firsts = new Set(Array.from({ length: 30 }, (_, i) => orderOf(`question ${i}`, 3)[0]));
    expect(firsts.size).toBe(3);
  });
});
