/** What a volunteer records about the playbook; all of it works without a network. */
import { makeOperation, NOWHERE } from '../../sync/operations';
import { here, write, writeNowhere } from '../recording';
import { type Card, isUnread } from './cards';
import { given, putShelf } from './given';

const MOST_RECENT = 4;

export interface NoteDraft {
  note: string;
  place: string;
  channel: string | null;
  scamType: string | null;
}

/** A new trick, for the coordinator's inbox. */
export async function recordNote(draft: NoteDraft): Promise<void> {
  const fields = {
    type: 'scam_note',
    note: draft.note.trim(),
    ...(draft.place.trim() ? { place: draft.place.trim() } : {}),
    ...(draft.channel ? { channel: draft.channel } : {}),
    ...(draft.scamType ? { scam_type: draft.scamType } : {}),
  };
  await writeNowhere(fields);
}

/** A card was opened: it is among the recent ones, and a version of the community is receipted once. */
export async function opened(card: Card): Promise<void> {
  const { desk } = here();
  const { recent } = given.value.shelf;
  const unread = isUnread(card);
  if (!unread && recent[0] === card.id) return;
  const fields = { type: 'card_read', card: card.id, version: card.version };
  const receipts = unread ? [await makeOperation(fields, NOWHERE, desk.clock)] : [];
  const now = [card.id, ...recent.filter((id) => id !== card.id)].slice(0, MOST_RECENT);
  await write(receipts, (change) => putShelf(change, { recent: now }));
}

export async function pin(card: Card, on: boolean): Promise<void> {
  const others = given.value.shelf.pinned.filter((id) => id !== card.id);
  await write([], (change) => putShelf(change, { pinned: on ? [card.id, ...others] : others }));
}

export async function recordQuiz(card: Card, right: number, asked: number): Promise<void> {
  const fields = { type: 'quiz_result', card: card.id, version: card.version, right, asked };
  await writeNowhere(fields);
}

/** An answer to an own note has been read. */
export async function heardAnswer(id: string): Promise<void> {
  const { heard } = given.value.shelf;
  await write([], (change) => putShelf(change, { heard: [id, ...heard].slice(0, 100) }));
}
