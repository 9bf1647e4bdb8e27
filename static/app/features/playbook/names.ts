/** Finds a trick by its name: whole, begun, in pinyin, by initials, with a slip of the thumb. */
import { distance, forgiven } from './distance';

export interface Name {
  text: string;
  /** Pinyin without spaces; empty for English. */
  spelled: string;
  initials: string;
}

const EQUAL = 14;
const BEGINS = 10;
const HOLDS = 7;
const NEARLY = 6;

export interface Typed {
  text: string;
  /** The same without spaces. */
  letters: string;
  /** The pinyin of its characters. */
  spelled: string;
}

/** Nobody types a name this long: what is longer is a sentence, and may hold a name. */
const SENTENCE = 24;

/** How well a name fits what was typed. */
export function fits(name: Name, { text: typed, letters, spelled }: Typed): number {
  const { text, initials } = name;
  if (letters === '') return 0;
  if (typed.length > text.length && text.length > 1 && typed.includes(text)) return HOLDS;
  if (letters.length > SENTENCE) return 0;
  return Math.max(
    begun(text, typed),
    begun(name.spelled, letters),
    spelled.length > 2 && spelled !== letters ? begun(name.spelled, spelled) - 1 : 0,
    letters.length > 1 && initials !== '' ? begun(initials, letters) - 2 : 0,
    nearly(name.spelled, letters),
    nearly(text, typed),
  );
}

function begun(name: string, typed: string): number {
  if (name === '' || typed === '') return 0;
  if (name === typed) return EQUAL;
  if (name.startsWith(typed)) return BEGINS;
  return typed.length > 1 && name.includes(typed) ? HOLDS : 0;
}

/** With a slip or two, also in what is typed so far. */
function nearly(name: string, typed: string): number {
  const most = forgiven(typed.length);
  if (most === 0 || name.length < typed.length - most) return 0;
  let least = most + 1;
  for (let length = typed.length - most; length <= typed.length + most; length++) {
    if (length > name.length) break;
    least = Math.min(least, distance(name.slice(0, length), typed, most));
  }
  return least > most ? 0 : NEARLY - least;
}
