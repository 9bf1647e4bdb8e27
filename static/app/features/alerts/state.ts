/** What the screens show of alerts, from what the phone has (given.ts). */
import { computed } from '@preact/signals';
import type { AlertRow, MyFollowUpRow } from '../../contract';
import { state } from '../../core/field';
import { given } from './given';
import { isAsked, lay, type Working } from './lay';

type Urgent = Pick<AlertRow, 'deadline' | 'in_contact_at' | 'id'>;

/** Without contact first, and of these the one whose time is over longest. */
export function byUrgency(a: Urgent, b: Urgent): number {
  const reached = Number(Boolean(a.in_contact_at)) - Number(Boolean(b.in_contact_at));
  return reached || a.deadline - b.deadline || (a.id < b.id ? -1 : 1);
}

/** As its worker sees it, with the clock as the own phone knows it. */
const urgencyOf = ({ row, state: { in_contact_at } }: Working): Urgent => ({
  id: row.id,
  deadline: row.deadline,
  in_contact_at,
});

const held = computed<Working[]>(() => given.value.mine.map((row) => lay(row, given.value)));

/** Those that I work, the most urgent first. */
export const mine = computed<Working[]>(() =>
  held.value
    .filter(({ state: { closed_at } }) => closed_at === null)
    .sort((a, b) => byUrgency(urgencyOf(a), urgencyOf(b))),
);

/** Closed here, and still to be confirmed by the server. */
export const closing = computed<Working[]>(() =>
  held.value.filter(({ state: { closed_at } }) => closed_at !== null),
);

const mineIds = computed(() => new Set(given.value.mine.map(({ id }) => id)));

/** The others of the team. */
export const team = computed<AlertRow[]>(() =>
  given.value.team
    .filter(({ id, status }) => status === 'open' && !mineIds.value.has(id))
    .sort(byUrgency),
);

/** Closed in the last days, the latest first. */
export const closed = computed<AlertRow[]>(() =>
  given.value.team
    .filter(({ status }) => status === 'closed')
    .sort((a, b) => (b.closed_at ?? 0) - (a.closed_at ?? 0)),
);

/** Days on which I ask again, the earliest first; without those that I have asked already. */
export const dues = computed<MyFollowUpRow[]>(() =>
  given.value.dues
    .filter((due) => !isAsked(due, given.value.own))
    .sort((a, b) => (a.due_on < b.due_on ? -1 : a.due_on > b.due_on ? 1 : a.number - b.number)),
);

export const dueNow = computed(() =>
  dues.value.filter(({ due_on }) => due_on <= state.today.value.day),
);

export const workingOf = (id: string): Working | undefined =>
  held.value.find(({ row }) => row.id === id);

export const teamRowOf = (id: string): AlertRow | undefined =>
  given.value.team.find((row) => row.id === id);

/** The team gave it to me, and its data is not here: the lease ended. */
export const isWithheld = ({ id, assigned = [] }: AlertRow): boolean =>
  assigned.includes(given.value.me) && !mineIds.value.has(id);

/** A member's name; `me` and `other` are the words for oneself and for who left the team. */
export function nameOf(member: string, me: string, other: string): string {
  if (member === given.value.me) return me;
  return state.team.value.find(({ id }) => id === member)?.name ?? other;
}
