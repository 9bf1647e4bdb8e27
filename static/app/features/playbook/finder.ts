/** The index over the cards on this phone: built when the playbook is opened, again when they change. */
import type { CardRow, CardWordsRow } from '../../contract';
import { given } from './given';
import { type Hit, Index, type Searched } from './search';

const lines = (text: string | undefined): string[] => (text ? text.split('\n') : []);

function searched({ id, find }: CardRow): Searched {
  return {
    id,
    names: lines(find.names),
    namesPinyin: lines(find.names_pinyin),
    initials: lines(find.initials),
    said: lines(find.said),
    saidPinyin: lines(find.said_pinyin),
    enNames: lines(find.en_names),
    enSaid: lines(find.en_said),
  };
}

export function indexOf(cards: readonly CardRow[], words: CardWordsRow | null): Index {
  const language = {
    table: words?.table ?? '',
    alike: words?.alike ?? [],
    alikeEn: words?.alike_en ?? [],
  };
  return new Index(cards.map(searched), language);
}

let built: { cards: readonly CardRow[]; index: Index } | null = null;

/** Builds the index if it is not there yet: before somebody types, so that nobody waits for it. */
export function ready(): Index {
  const { cards, words } = given.value;
  if (built?.cards !== cards) built = { cards, index: indexOf(cards, words) };
  return built.index;
}

export const find = (typed: string): Hit[] => ready().search(typed);
