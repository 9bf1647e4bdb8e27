/**
 * Finds a card by what the scammer said first, by a name of the trick, by pinyin or initials, also
 * with a wrong character or letter. All of it is on the phone and nothing waits.
 *
 * What a card is recognised by (see features.ts) counts by how much more often this card has it than
 * cards on average: "老师" says investment, "您" says nothing. Syllables forgive a character that
 * merely sounds right, groups of words forgive another word for the same thing.
 */
import { distance, forgiven } from './distance';
import {
  Alike,
  latinWords,
  plain,
  type Take,
  TYPED,
  takeSentence,
  takeSpelled,
  takeWords,
  tellingWords,
} from './features';
import { fits, type Name, type Typed } from './names';
import { Spelling } from './spelling';

export interface Searched {
  id: string;
  /** Names of the trick, how each is spelled, and the first letters of its syllables. */
  names: readonly string[];
  namesPinyin: readonly string[];
  initials: readonly string[];
  /** Sentences as they are said; an empty spelling is the table's. */
  said: readonly string[];
  saidPinyin: readonly string[];
  /** The same in English, where there is any. */
  enNames: readonly string[];
  enSaid: readonly string[];
}

/** What is the same for all cards: `table` of pinyin, groups of words that mean the same. */
export interface Language {
  table: string;
  alike: readonly string[];
  alikeEn: readonly string[];
}

export interface Hit {
  id: string;
  score: number;
}

const NAME_COUNTS = 2;
/** Added to both sides of a comparison, so that what is rare everywhere is not taken for a proof. */
const DOUBT = 0.5;
/** What scores less than this part of the best is not worth showing. */
const WORTH = 0.2;
const LONGEST = 200;

/** Which cards know a feature, and how often: card, count, card, count … */
type Counted = number[];

export class Index {
  private readonly known = new Map<string, Counted>();
  private readonly names: Name[][] = [];
  private readonly english = new Set<string>();
  private readonly spelling: Spelling;
  private readonly alike: Alike;

  constructor(
    private readonly cards: readonly Searched[],
    language: Language,
  ) {
    this.spelling = new Spelling(language.table);
    this.alike = new Alike(language.alike, language.alikeEn);
    cards.forEach((card, at) => {
      this.learn(card, at);
    });
  }

  /** The best first. */
  search(typed: string): Hit[] {
    const text = plain(typed.slice(0, LONGEST));
    const scores = this.cards.map(() => 0);
    this.takeTyped(text, (feature, counts) => {
      const found = this.known.get(feature);
      if (found) this.add(scores, found, counts);
    });
    this.addNames(text, scores);
    const best = Math.max(...scores, 0);
    return this.cards
      .map(({ id }, i) => ({ id, score: scores[i] ?? 0 }))
      .filter(({ score }) => score > 0 && score >= best * WORTH)
      .sort((a, b) => b.score - a.score);
  }

  private add(scores: number[], found: Counted, counts: number): void {
    let total = 0;
    for (let i = 1; i < found.length; i += 2) total += found[i] ?? 0;
    const mean = total / this.cards.length + DOUBT;
    for (let i = 0; i < found.length; i += 2) {
      const card = found[i] ?? 0;
      const more = Math.log(((found[i + 1] ?? 0) + DOUBT) / mean);
      if (more > 0) scores[card] = (scores[card] ?? 0) + counts * more;
    }
  }

  private learn(card: Searched, at: number): void {
    const taking =
      (times: number): Take =>
      (feature) =>
        this.count(feature, at, times);
    const read = (lines: readonly string[], spelled: readonly string[], take: Take): void =>
      lines.forEach((line, i) => {
        const given = (spelled[i] ?? '').split(' ').filter(Boolean);
        const syllables = given.length > 0 ? given : this.spelling.ofCharacters(line);
        takeSentence(plain(line), syllables, this.alike, take);
      });
    read(card.names, card.namesPinyin, taking(NAME_COUNTS));
    read(card.said, card.saidPinyin, taking(1));
    for (const line of card.enNames) this.readEnglish(line, taking(NAME_COUNTS));
    for (const line of card.enSaid) this.readEnglish(line, taking(1));
    this.names.push(namesOf(card));
  }

  /** Cards are learned one after the other: a card's count is the last of the list. */
  private count(feature: string, card: number, times: number): void {
    const found = this.known.get(feature);
    if (!found) this.known.set(feature, [card, times]);
    else if (found[found.length - 2] === card)
      found[found.length - 1] = (found[found.length - 1] ?? 0) + times;
    else found.push(card, times);
  }

  private readEnglish(line: string, take: Take): void {
    const words = tellingWords(plain(line));
    for (const word of words) this.english.add(word);
    takeWords(words, take);
    this.alike.take('', words, take);
  }

  private takeTyped(text: string, take: Take): void {
    takeSentence(text, this.spelling.ofCharacters(text), this.alike, take);
    const words = tellingWords(text).map((word) => this.mended(word));
    takeWords(words, take);
    this.alike.take('', words, take);
    takeSpelled(this.spelling.ofLetters(latinWords(text).join('')), take, TYPED);
  }

  /** The known English word that was meant. */
  private mended(word: string): string {
    const most = forgiven(word.length);
    if (most === 0 || this.english.has(word)) return word;
    for (const known of this.english) {
      if (known[0] === word[0] && distance(known, word, 1) === 1) return known;
    }
    return word;
  }

  private addNames(text: string, scores: number[]): void {
    const typed: Typed = {
      text,
      letters: text.replaceAll(' ', ''),
      spelled: this.spelling.ofCharacters(text).join(''),
    };
    this.names.forEach((names, i) => {
      let best = 0;
      for (const name of names) best = Math.max(best, fits(name, typed));
      scores[i] = (scores[i] ?? 0) + best;
    });
  }
}

function namesOf(card: Searched): Name[] {
  const chinese = card.names.map((name, i) => ({
    text: plain(name),
    spelled: (card.namesPinyin[i] ?? '').replaceAll(' ', ''),
    initials: card.initials[i] ?? '',
  }));
  const english = card.enNames.map((name) => ({ text: plain(name), spelled: '', initials: '' }));
  return [...chinese, ...english];
}
