/**
 * What a sentence is recognised by: runs of characters, of syllables, of English words, and groups of
 * words that mean the same. Each counts for something, the longer and clearer ones for more.
 */

/** A count for runs of one, two and three. */
const HAN = [0.5, 1, 1.2];
const SPELLED = [0, 0.35, 0.5];
/** The same for pinyin that somebody typed: there is nothing else to go by. */
export const TYPED = [0.4, 1, 1.2];
const WORDS = [1, 1.2];
const GROUP = 1.5;

export type Take = (feature: string, counts: number) => void;

const MARKS = /[^\p{Letter}\p{Number}]+/gu;
const HAN_RUN = /[\u3400-\u9fff]+/g;
const LATIN_RUN = /[a-z0-9]+/g;

/** As it is compared: half-width, lower case, a space for every mark. */
export const plain = (text: string): string =>
  text.normalize('NFKC').toLowerCase().replace(MARKS, ' ').trim();

export const latinWords = (text: string): string[] => text.match(LATIN_RUN) ?? [];

function takeHan(text: string, take: Take): void {
  for (const run of text.match(HAN_RUN) ?? []) {
    for (let size = 1; size <= HAN.length; size++) {
      const counts = HAN[size - 1] ?? 0;
      for (let at = 0; at + size <= run.length; at++) take(run.slice(at, at + size), counts);
    }
  }
}

export function takeSpelled(syllables: readonly string[], take: Take, counted = SPELLED): void {
  for (let size = 1; size <= counted.length; size++) {
    const counts = counted[size - 1] ?? 0;
    if (counts === 0) continue;
    for (let at = 0; at + size <= syllables.length; at++) {
      take(`~${syllables.slice(at, at + size).join(' ')}`, counts);
    }
  }
}

/** Words of English that say nothing. */
const DULL = new Set(
  (
    'a an the to of in on at for and or is are was be it its i me my you your he she we they this ' +
    'that with from by as not no do does did so but our us his her their will can have has had'
  ).split(' '),
);

/** Endings off: who paid fees finds the fee. */
export const stem = (word: string): string =>
  word.length > 4 ? word.replace(/(?:ing|ies|ied|es|ed|ly|s|y|e)$/, '') : word;

export const tellingWords = (text: string): string[] =>
  latinWords(text).flatMap((word) => (DULL.has(word) ? [] : stem(word)));

export function takeWords(words: readonly string[], take: Take): void {
  for (let size = 1; size <= WORDS.length; size++) {
    const counts = WORDS[size - 1] ?? 0;
    for (let at = 0; at + size <= words.length; at++) {
      take(`=${words.slice(at, at + size).join(' ')}`, counts);
    }
  }
}

/** Groups of words that mean the same, one group a line. */
export class Alike {
  private readonly groupOf = new Map<string, string>();
  private readonly han: RegExp | null;

  constructor(zh: readonly string[], en: readonly string[]) {
    const chinese = this.learn(zh, '@', (word) => word);
    this.learn(en, '@en', stem);
    // Longer words first: what contains another one is the clearer of the two.
    const longestFirst = chinese.sort((a, b) => b.length - a.length);
    this.han = longestFirst.length > 0 ? new RegExp(longestFirst.join('|'), 'g') : null;
  }

  private learn(groups: readonly string[], mark: string, form: (word: string) => string): string[] {
    const all: string[] = [];
    groups.forEach((group, i) => {
      for (const word of group.split(' ')) {
        this.groupOf.set(form(word), `${mark}${i}`);
        all.push(word);
      }
    });
    return all;
  }

  take(text: string, words: readonly string[], take: Take): void {
    for (const word of (this.han && text.match(this.han)) ?? []) this.one(word, take);
    for (const word of words) this.one(word, take);
  }

  private one(word: string, take: Take): void {
    const group = this.groupOf.get(word);
    if (group) take(group, GROUP);
  }
}

/** All features of a sentence in Chinese characters. */
export function takeSentence(
  text: string,
  syllables: readonly string[],
  alike: Alike,
  take: Take,
): void {
  takeHan(text, take);
  takeSpelled(syllables, take);
  alike.take(text, [], take);
}
