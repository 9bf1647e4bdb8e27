/** Cards as screens show them: the texts of one language, and what the member has done with them. */
import { computed } from '@preact/signals';
import type { CardRow, CardText, TrainingRow } from '../../contract';
import { language } from '../../i18n';
import { given } from './given';

export type ScamType = CardRow['type'];

/** A card's texts with every part there, if only empty. */
export type Texts = Omit<Required<CardText>, 'ladder' | 'keywords' | 'heard'> & {
  ladder: [string, string][];
};

export interface Card {
  id: string;
  type: ScamType;
  /** 0: as it came with the product. */
  version: number;
  publishedAt: number | null;
  text: Texts;
  /** Which language the texts are in: a community need not write in both. */
  lang: 'zh-Hans' | 'en';
}

const BLANK: Omit<Texts, 'title'> = {
  mark: '',
  hook: '',
  lead: '',
  ladder: [],
  flags: [],
  openings: [],
  say: [],
  avoid: [],
  tone: [],
  whom: [],
  probe: [],
  first: [],
  chain: [],
  sunk: [],
  quiz: [],
};

/** Texts are parsed once for each row and language. */
const parsed = new WeakMap<CardRow, Map<string, Card>>();

export function cardIn(row: CardRow, wanted: 'zh' | 'en'): Card {
  const known = parsed.get(row) ?? new Map<string, Card>();
  parsed.set(row, known);
  const at = row.text[wanted] === undefined ? 'zh' : wanted;
  let card = known.get(at);
  if (!card) {
    card = {
      id: row.id,
      type: row.type,
      version: row.version,
      publishedAt: row.published_at,
      text: { ...BLANK, ...(JSON.parse(row.text[at] ?? '{"title":""}') as Texts) },
      lang: at === 'en' ? 'en' : 'zh-Hans',
    };
    known.set(at, card);
  }
  return card;
}

/** All cards in the language on screen: what the community published last, then in the given order. */
export const cards = computed<Card[]>(() => {
  const wanted = language.value;
  const all = given.value.cards.map((row) => cardIn(row, wanted));
  const order = (card: Card): string => (isOwn(card) ? `0${card.id}` : `1${card.id}`);
  return all.sort((a, b) => (order(a) < order(b) ? -1 : 1));
});

/** Ids of the product's cards begin with zeros, so that no id made anywhere can be one. */
const isOwn = ({ id }: Card): boolean => !id.startsWith('00000000-');

export const cardById = (id: string): Card | null =>
  cards.value.find((card) => card.id === id) ?? null;

/** The script for a kind of fraud: the product's card, as the community may have changed it. */
export const cardFor = (type: ScamType): Card | null =>
  cards.value.find((card) => card.type === type && !isOwn(card)) ?? null;

/** When the last text on this phone was published; null for those of the product only. */
export const updatedAt = computed<number | null>(() => {
  const moments = given.value.cards.flatMap(({ published_at }) => published_at ?? []);
  return moments.length > 0 ? Math.max(...moments) : null;
});

export interface Learned {
  /** 0 for none: nobody has to confirm what came with the product. */
  readVersion: number;
  quiz: { at: number; right: number; asked: number } | null;
}

const WEEK = 7 * 86_400_000;
/** What was taught fades within about three months without a reminder (as on the server). */
const REFRESH_AFTER = 90 * 86_400_000;
const PASSED = 0.8;

/** What this member has read and answered, own operations in flight included. */
export const learned = computed<ReadonlyMap<string, Learned>>(() => {
  const { training, own } = given.value;
  const found = new Map<string, Learned>(training.map((row) => [row.id, fromRow(row)]));
  for (const operation of own) {
    if (operation.status !== 'unsent' && operation.status !== 'accepted') continue;
    const fields = JSON.parse(operation.text) as Partial<Record<string, number>> & {
      card?: string;
    };
    if (fields.card === undefined) continue;
    const known = found.get(fields.card) ?? { readVersion: 0, quiz: null };
    if (operation.type === 'card_read') {
      known.readVersion = Math.max(known.readVersion, fields['version'] ?? 0);
    } else if (operation.moment >= (known.quiz?.at ?? 0)) {
      const { right = 0, asked = 0 } = fields;
      known.quiz = { at: operation.moment, right, asked };
    }
    found.set(fields.card, known);
  }
  return found;
});

function fromRow(row: TrainingRow): Learned {
  const { read_version, quiz_at, right, asked } = row;
  const quiz = quiz_at ? { at: quiz_at, right: right ?? 0, asked: asked ?? 0 } : null;
  return { readVersion: read_version ?? 0, quiz };
}

export type QuizState = 'none' | 'passed' | 'again' | 'due';

export function quizState(id: string, now: number): QuizState {
  const quiz = learned.value.get(id)?.quiz;
  if (!quiz || quiz.asked === 0) return 'none';
  if (now - quiz.at >= REFRESH_AFTER) return 'due';
  return quiz.right >= quiz.asked * PASSED ? 'passed' : 'again';
}

/** The community published it, and this member has not opened it. */
export const isUnread = (card: Card): boolean =>
  card.version > (learned.value.get(card.id)?.readVersion ?? 0);

/** The same, and it is no older than a week. */
export const newThisWeek = (now: number): Card[] =>
  cards.value.filter((card) => isUnread(card) && now - (card.publishedAt ?? 0) < WEEK);

/** How many alerts of each kind the community had in the last 30 days, as far as this phone knows. */
export function recentAlerts(
  rows: Iterable<{ scam_type?: string | null; received_at: number }>,
  now: number,
) {
  const counts = new Map<string, number>();
  for (const { scam_type, received_at } of rows) {
    if (!scam_type || now - received_at > 30 * 86_400_000) continue;
    counts.set(scam_type, (counts.get(scam_type) ?? 0) + 1);
  }
  return counts;
}
