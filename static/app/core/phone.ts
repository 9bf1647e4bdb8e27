/** Who is on this phone: a small registry beside the members' own databases. */
import { DEFAULT_PREFERENCES } from './field';
import { openStore, PHONE_STEPS, type Store } from './storage';
import type { CommunityInfo, MemberInfo, Person, Preferences } from './types';

export interface PhoneMember {
  /** Name of this member's database. */
  db: string;
  device: { id: string; name: string };
  login: string;
  person: Person;
  member: MemberInfo;
  community: Pick<CommunityInfo, 'id' | 'name' | 'timezone'>;
  status: 'pending' | 'active' | 'revoked';
  /** Phone's clock: from then on its own work is locked, and after a while erased. */
  revokedAt?: number;
}

let opening: Promise<Store> | null = null;

function phone(): Promise<Store> {
  opening ??= openStore('qiaomen', PHONE_STEPS);
  return opening;
}

/** Lets go of the registry; the next call opens it anew. */
export async function closePhone(): Promise<void> {
  (await opening)?.close();
  opening = null;
}

async function setting<T>(key: string): Promise<T | undefined> {
  return (await phone()).read(['settings'], (tx) => tx.get<T>('settings', key));
}

async function set(key: string, value: unknown): Promise<void> {
  await (await phone()).write(['settings'], (tx) => tx.put('settings', key, value));
}

export async function listMembers(): Promise<PhoneMember[]> {
  return (await phone()).read(['members'], (tx) => tx.all<PhoneMember>('members'));
}

export async function currentMember(): Promise<PhoneMember | null> {
  return (await phone()).read(['members', 'settings'], async (tx) => {
    const db = await tx.get<string>('settings', 'current');
    return (db && (await tx.get<PhoneMember>('members', db))) || null;
  });
}

/** Writes a member down and makes it the one whose turn it is. */
export async function keepMember(member: PhoneMember, current = true): Promise<void> {
  await (await phone()).write(['members', 'settings'], (tx) => {
    tx.put('members', member.db, member);
    if (current) tx.put('settings', 'current', member.db);
  });
}

export async function forgetMember(db: string): Promise<void> {
  await (await phone()).write(['members'], (tx) => tx.delete('members', db));
}

export const leaveCurrent = (): Promise<void> => set('current', null);

/** The server could not be told that somebody signed out: to be made up for. */
export const oweSignOut = (owed: boolean): Promise<void> => set('owes_sign_out', owed);
export const owesSignOut = async (): Promise<boolean> =>
  (await setting<boolean>('owes_sign_out')) ?? false;

export async function readPreferences(): Promise<Preferences> {
  return { ...DEFAULT_PREFERENCES, ...(await setting<Partial<Preferences>>('preferences')) };
}
export const writePreferences = (preferences: Preferences): Promise<void> =>
  set('preferences', preferences);
