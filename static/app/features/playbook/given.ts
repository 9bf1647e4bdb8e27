/**
 * What the phone has of the playbook: rows as they came. The screens, which are loaded later, make of
 * them what they show.
 */
import { signal } from '@preact/signals';
import type { CardRow, CardWordsRow, NoteAnswerRow, TrainingRow } from '../../contract';
import type { Row } from '../../core/wire';
import type { Change, Desk, Feature } from '../../sync/desk';
import type { OwnOperation } from '../../sync/operations';

/** Kept beside the data of the member; lost with it, and no harm done. */
export interface Shelf {
  pinned: readonly string[];
  /** Opened last, the latest first. */
  recent: readonly string[];
  /** Answers to own notes that have been read. */
  heard: readonly string[];
}

export interface Given {
  cards: readonly CardRow[];
  words: CardWordsRow | null;
  answers: readonly NoteAnswerRow[];
  training: readonly TrainingRow[];
  /** Own operations about cards that no complete pull covers yet. */
  own: readonly OwnOperation[];
  shelf: Shelf;
}

const EMPTY: Shelf = { pinned: [], recent: [], heard: [] };
const NOTHING: Given = {
  cards: [],
  words: null,
  answers: [],
  training: [],
  own: [],
  shelf: EMPTY,
};

export const given = signal<Given>(NOTHING);

export const TYPES: readonly string[] = ['scam_note', 'card_read', 'quiz_result'];

const STORE = 'meta';
const KEY = 'playbook';
let shelf = EMPTY;
/** A bucket that changes is another object. */
let buckets: [unknown, unknown] = [null, null];

export const playbookFeature: Feature = {
  async load(_desk, tx) {
    shelf = { ...EMPTY, ...(await tx.get<Shelf>(STORE, KEY)) };
  },

  publish(desk) {
    if (!desk) {
      buckets = [null, null];
      given.value = NOTHING;
      return;
    }
    const own = [...desk.operations.values()].filter(({ type }) => TYPES.includes(type));
    const there: typeof buckets = [desk.bucket('community'), desk.bucket('me')];
    const known = there.every((bucket, i) => bucket === buckets[i]);
    const before = given.value;
    const same = own.length === before.own.length && own.every((one, i) => one === before.own[i]);
    if (known && same && shelf === before.shelf) return;
    buckets = there;
    given.value = { ...(known ? before : read(desk)), own, shelf };
  },
};

function read(desk: Desk): Omit<Given, 'own' | 'shelf'> {
  const rows = <T extends Row>(bucket: string, kind: T['kind']) => desk.rows<T>(bucket, kind);
  return {
    cards: rows<CardRow>('community', 'card'),
    words: rows<CardWordsRow>('community', 'card_words')[0] ?? null,
    answers: rows<NoteAnswerRow>('me', 'note_answer'),
    training: rows<TrainingRow>('me', 'training'),
  };
}

/** Writes the shelf down with a change under way. */
export function putShelf(change: Change, more: Partial<Shelf>): void {
  shelf = { ...shelf, ...more };
  change.tx.put(STORE, KEY, shelf);
}
