/** A training session, recorded like a visit: saved here first, sent when there is a network. */
import type { CampaignRow } from '../../contract';
import { state } from '../../core/field';
import { carried } from '../leaflets/given';
import { here, writeNowhere } from '../recording';

export const MOST = 5_000;

export interface SessionDraft {
  place: string;
  partner: string | null;
  residents: string;
  workers: string;
  leaflets: string;
  topics: readonly string[];
  note: string;
  campaign: string | null;
}

/** The number that was typed; nothing is none, and what is no such number is undefined. */
export function numberOf(typed: string): number | undefined {
  const plain = typed.normalize('NFKC').trim();
  if (plain === '') return 0;
  const number = /^\d{1,4}$/.test(plain) ? Number(plain) : undefined;
  return number !== undefined && number <= MOST ? number : undefined;
}

/** The names that the community's plans of this year go by. */
export function campaignsNow(): string[] {
  const { desk } = here();
  const year = Number(state.today.value.day.slice(0, 4));
  const rows = desk.rows<CampaignRow>('community', 'campaign');
  return [...new Set(rows.filter((row) => row.year === year && row.name).map((row) => row.name))];
}

export async function recordSession(draft: SessionDraft): Promise<void> {
  const leaflets = numberOf(draft.leaflets) ?? 0;
  const fields = {
    type: 'session_log',
    place: draft.place.trim(),
    residents: numberOf(draft.residents) ?? 0,
    workers: numberOf(draft.workers) ?? 0,
    ...(draft.partner ? { partner: draft.partner } : {}),
    ...(leaflets > 0 ? { leaflets: { [carried(here().desk)]: leaflets } } : {}),
    ...(draft.topics.length > 0 ? { topics: draft.topics } : {}),
    ...(draft.campaign ? { campaign: draft.campaign } : {}),
    ...(draft.note.trim() ? { note: draft.note.trim() } : {}),
  };
  await writeNowhere(fields);
}
