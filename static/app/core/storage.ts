/**
 * Everything that the phone keeps goes through this module: one database per member and one small
 * registry of who is on this phone. Records are opaque values under plain keys, without indexes on
 * their content, so that sealing them later is one step here.
 */
import { deleteDB, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';

import { sumOfHashes } from './digest';

type Upgrade = IDBPTransaction<unknown, string[], 'versionchange'>;
export type Step = (db: IDBPDatabase<unknown>, tx: Upgrade) => void | Promise<void>;

/** A database's version is the number of its steps; a released step is never edited, only followed. */
export const MEMBER_STEPS: readonly Step[] = [
  // 1: first release.
  // meta: cursors, clock, epoch. buckets: small buckets whole (community, me). buildings: one record
  // per building with its doors in columns. summaries: what the list of buildings shows, so that the
  // start reads no doors. outbox: own operations that a complete pull does not cover yet.
  // log: own operations that it does, kept 90 days for sending again after a restore.
  (db) => {
    for (const name of ['meta', 'buckets', 'buildings', 'summaries', 'outbox', 'log']) {
      db.createObjectStore(name);
    }
  },
  // 2: receipts. The count and the sum of hashes of what is kept of the own operations stand in meta
  // from now on, so that comparing them with the server's reads no log.
  async (_db, tx) => {
    const meta = tx.objectStore('meta');
    const sync = (await meta.get('sync')) as object | undefined;
    if (!sync) return;
    const kept = [
      ...(await tx.objectStore('outbox').getAll()),
      ...(await tx.objectStore('log').getAll()),
    ] as { hash: string; status: string }[];
    const counted = kept.filter(({ status }) => status !== 'refused');
    const hashes = counted.map(({ hash }) => hash);
    meta.put?.({ ...sync, log: { count: hashes.length, digest: sumOfHashes(hashes) } }, 'sync');
  },
  // 3: maps. The outlines of my buildings and of those around them, as the server last told them.
  (db) => {
    db.createObjectStore('map');
  },
];

export const PHONE_STEPS: readonly Step[] = [
  // 1: first release. members: who has a database here. settings: whose turn it is, preferences.
  (db) => {
    db.createObjectStore('members');
    db.createObjectStore('settings');
  },
];

/** What one transaction may do. Await nothing but these calls inside: it would commit early. */
export interface Tx {
  get<T>(store: string, key: string): Promise<T | undefined>;
  /** In the order of their keys. */
  all<T>(store: string, range?: IDBKeyRange): Promise<T[]>;
  keys(store: string): Promise<string[]>;
  put(store: string, key: string, value: unknown): void;
  delete(store: string, key: string): void;
  clear(store: string): void;
}

export interface Store {
  readonly name: string;
  read<T>(stores: readonly string[], work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * All or nothing; an exception in `work` undoes everything. `strict` (the default) resolves when it
   * is on disk; `relaxed` may be lost with the power, as a whole, and suits what can be pulled again.
   */
  write<T>(
    stores: readonly string[],
    work: (tx: Tx) => Promise<T> | T,
    durability?: 'strict' | 'relaxed',
  ): Promise<T>;
  close(): void;
}

export async function openStore(name: string, steps: readonly Step[]): Promise<Store> {
  const db = await openDB(name, steps.length, {
    async upgrade(database, from, _to, tx) {
      for (const step of steps.slice(from)) await step(database, tx as Upgrade);
    },
    // A newer version in another tab wants to upgrade: let go at once, or it waits for ever.
    blocking: () => db.close(),
  });
  return {
    name,
    close: () => db.close(),
    async read(stores, work) {
      const tx = db.transaction(stores, 'readonly');
      const result = await work(view(tx));
      await tx.done;
      return result;
    },
    async write(stores, work, durability = 'strict') {
      const tx = db.transaction(stores, 'readwrite', { durability });
      try {
        const result = await work(view(tx));
        commit(tx);
        await tx.done;
        return result;
      } catch (error) {
        await undo(tx);
        throw error;
      }
    },
  };
}

type Open = IDBPTransaction<unknown, string[], 'readonly' | 'readwrite'>;

function view(tx: IDBPTransaction<unknown, string[], IDBTransactionMode>): Tx {
  const open = tx as Open;
  // A failed request also fails `tx.done`, which is awaited; its own rejection needs no listener.
  const later = (request: Promise<unknown> | undefined): void => void request?.catch(() => {});
  return {
    get: (store, key) => open.objectStore(store).get(key),
    all: (store, range) => open.objectStore(store).getAll(range),
    keys: (store) => open.objectStore(store).getAllKeys() as Promise<string[]>,
    put: (store, key, value) => later(open.objectStore(store).put?.(value, key)),
    delete: (store, key) => later(open.objectStore(store).delete?.(key)),
    clear: (store) => later(open.objectStore(store).clear?.()),
  };
}

/** Asks for the end at once: else it comes only after every answer has been heard. */
function commit(tx: IDBPTransaction<unknown, string[], 'readwrite'>): void {
  try {
    tx.commit();
  } catch {
    // It is over by itself already; how it ended, `done` tells.
  }
}

async function undo(tx: IDBPTransaction<unknown, string[], 'readwrite'>): Promise<void> {
  try {
    tx.abort();
  } catch {
    // It has failed by itself already.
  }
  await tx.done.catch(() => {});
}

export async function eraseStore(name: string): Promise<void> {
  await deleteDB(name);
}

export const openMember = (name: string): Promise<Store> => openStore(name, MEMBER_STEPS);
