/**
 * One member's data: the database, what of it is kept in memory, and the one way to change both.
 * Features join in through `Feature`; neither this module nor the engine knows one by name.
 */
import { type Channel, openChannel } from '../core/channel';
import { type Clock, systemClock } from '../core/clock';
import { minus, NOTHING, one, plus, type Tally } from '../core/digest';
import type { PhoneMember } from '../core/phone';
import { openMember, type Store, type Tx } from '../core/storage';
import type { Change as BucketChange, Row } from '../core/wire';
import { BADGE } from './device';
import { type OwnOperation, recorded } from './operations';

export const STORES = ['meta', 'buckets', 'buildings', 'summaries', 'outbox', 'log'] as const;

export interface Meta {
  /** Counts every change, so that a tab knows whether what it remembers is the latest. */
  rev: number;
  /** Counts answers and pulls: their order without trusting a clock. */
  tick: number;
  skew: number;
  epoch: string | null;
  lastSyncAt: number | null;
  cursors: Record<string, string>;
  /** Buckets that the last complete pull named. */
  scope: string[];
  /** All own operations in outbox and log but the refused ones. */
  log: Tally;
  /** Of own operations older than the 90 days only this is left. */
  pruned: Tally;
  /** The last comparison with what the server has; null before the first. */
  receipt: Receipt | null;
  /** What somebody should know of own operations that are settled; by id. */
  notices: Record<string, Notice>;
  /** The community's public key (base64), for rescue files; stays when buckets are erased. */
  publicKey: string | null;
  /** The latest moment that was seen, server time: a clock behind it runs backwards. */
  seenAt: number;
}

export interface Receipt {
  /** That many own operations were on the server, each with the same bytes. */
  count: number;
  /** Server time. */
  at: number;
  /** Ids that the server has with other bytes. */
  different: string[];
}

/** An operation that was dismissed at the desk, or accepted with a warning. */
export interface Notice {
  kind: 'dismissed' | 'warning';
  code: string | null;
  operation: Pick<OwnOperation, 'id' | 'type' | 'text' | 'moment' | 'building' | 'door'>;
  /** When the phone learned of it, server time. */
  at: number;
}

const FRESH: Meta = {
  rev: 0,
  tick: 0,
  skew: 0,
  epoch: null,
  lastSyncAt: null,
  cursors: {},
  scope: [],
  log: NOTHING,
  pruned: NOTHING,
  receipt: null,
  notices: {},
  publicKey: null,
  seenAt: 0,
};

type Rows = ReadonlyMap<string, Row>;

/** A change under way: everything in it is written together, or not at all. */
export interface Change {
  readonly tx: Tx;
  readonly desk: Desk;
  /** Own operations as they will be after this change. */
  readonly operations: ReadonlyMap<string, OwnOperation>;
  readonly meta: Meta;
  /** Buildings whose look may change. */
  readonly touched: Set<string>;
  /** A new one, or one of the outbox as it is now. */
  putOperation(operation: OwnOperation): void;
  /** Out of the outbox: a complete pull covers it. */
  moveToLog(operation: OwnOperation): void;
  /** Back from the log: it is not settled after all. */
  takeBack(operation: OwnOperation): void;
  bucket(name: string): Rows;
  putBucket(name: string, rows: Rows): void;
}

export interface Feature {
  /** Reads what it keeps in memory: at the start, and when another tab has written. */
  load?(desk: Desk, tx: Tx): Promise<void>;
  /** Takes a bucket's change; false: not mine. */
  apply?(change: Change, bucket: string, rows: BucketChange): Promise<boolean>;
  /** A pull is complete; `scope` names all buckets that this member has. */
  completed?(change: Change, scope: ReadonlySet<string>): Promise<void>;
  /** Last in every change: writes what follows from it; what it returns runs after the commit. */
  derive?(change: Change): Promise<() => void>;
  /** Tells the screens. */
  publish?(desk: Desk | null): void;
  /** What the server gave was erased; own operations about it are still here. */
  erased?(desk: Desk): Promise<void>;
}

const features: Feature[] = [];
/** A feature joins once, before the first desk opens. */
export const registerFeature = (feature: Feature): void => void features.push(feature);
export const registeredFeatures = (): readonly Feature[] => features;

/** How often screens follow what a pull brings (milliseconds). */
const BETWEEN_DRAWINGS = 250;

export class Desk {
  meta: Meta = FRESH;
  operations: ReadonlyMap<string, OwnOperation> = new Map();
  private buckets = new Map<string, Rows>();
  /** Whether the server was asked for a signing key since the start. */
  keyAsked = false;
  private channel: Channel;
  private published = Number.NEGATIVE_INFINITY;
  private soon: ReturnType<typeof setTimeout> | undefined;

  private constructor(
    public member: PhoneMember,
    readonly store: Store,
    readonly clock: Clock,
  ) {
    this.channel = openChannel(member.db, () => void this.refresh());
  }

  static async open(member: PhoneMember, clock: Clock = systemClock()): Promise<Desk> {
    const desk = new Desk(member, await openMember(member.db), clock);
    await desk.store.read(STORES, (tx) => desk.load(tx));
    return desk;
  }

  close(): void {
    clearTimeout(this.soon);
    this.channel.close();
    this.store.close();
  }

  bucket(name: string): Rows {
    return this.buckets.get(name) ?? new Map();
  }

  rows<T extends Row>(bucket: string, kind: T['kind']): T[] {
    return [...this.bucket(bucket).values()].filter((row): row is T => row.kind === kind);
  }

  private async load(tx: Tx): Promise<void> {
    const [meta, operations, names, buckets] = await Promise.all([
      tx.get<Meta>('meta', 'sync'),
      tx.all<OwnOperation>('outbox'),
      tx.keys('buckets'),
      tx.all<Rows>('buckets'),
    ]);
    this.remember({ ...FRESH, ...meta });
    this.operations = new Map(operations.map((operation) => [operation.id, operation]));
    this.buckets = new Map(names.map((name, i) => [name, buckets[i] ?? new Map()]));
    for (const feature of features) await feature.load?.(this, tx);
  }

  /** Another tab wrote: read again what is not the latest. */
  async refresh(): Promise<void> {
    await this.store.read(STORES, async (tx) => {
      const meta = await tx.get<Meta>('meta', 'sync');
      if (meta && meta.rev !== this.meta.rev) await this.load(tx);
    });
    this.publish();
  }

  private remember(meta: Meta): void {
    this.meta = meta;
    this.clock.skew = meta.skew;
  }

  /** The only way to write. Memory and screens follow after the commit. */
  async change<T>(
    work: (change: Change) => Promise<T> | T,
    durability: 'strict' | 'relaxed' = 'strict',
  ): Promise<T> {
    const after: (() => void)[] = [];
    const result = await this.store.write(
      STORES,
      async (tx) => {
        const stored = await tx.get<Meta>('meta', 'sync');
        if (stored && stored.rev !== this.meta.rev) await this.load(tx);
        const { change, commit } = this.begin(tx);
        const value = await work(change);
        for (const feature of features) {
          const then = await feature.derive?.(change);
          if (then) after.push(then);
        }
        change.meta.rev += 1;
        change.meta.seenAt = Math.max(change.meta.seenAt, this.clock.now() + change.meta.skew);
        tx.put('meta', 'sync', change.meta);
        after.unshift(commit);
        return value;
      },
      durability,
    );
    for (const then of after) then();
    if (durability === 'strict') this.publish();
    else this.publishSoon();
    this.channel.tell();
    return result;
  }

  private begin(tx: Tx): { change: Change; commit: () => void } {
    const operations = new Map(this.operations);
    const buckets = new Map(this.buckets);
    const touched = new Set<string>();
    const touch = ({ building }: OwnOperation) => building !== null && touched.add(building);
    const change: Change = {
      tx,
      desk: this,
      operations,
      touched,
      meta: {
        ...this.meta,
        cursors: { ...this.meta.cursors },
        notices: { ...this.meta.notices },
      },
      putOperation(operation) {
        tally(change.meta, operations.get(operation.id), operation);
        tx.put('outbox', operation.id, operation);
        operations.set(operation.id, operation);
        touch(operation);
      },
      takeBack(operation) {
        tx.delete('log', operation.id);
        tx.put('outbox', operation.id, operation);
        operations.set(operation.id, operation);
        touch(operation);
      },
      moveToLog(operation) {
        tx.delete('outbox', operation.id);
        tx.put('log', operation.id, operation);
        operations.delete(operation.id);
        touch(operation);
      },
      bucket: (name) => buckets.get(name) ?? new Map(),
      putBucket(name, rows) {
        tx.put('buckets', name, rows);
        buckets.set(name, rows);
      },
    };
    const commit = (): void => {
      this.operations = operations;
      this.buckets = buckets;
      this.remember(change.meta);
    };
    return { change, commit };
  }

  /** Residents' data leaves the phone; own operations and who we are stay. */
  async eraseBuckets(): Promise<void> {
    await eraseGiven(this.store);
    await this.refresh();
    for (const feature of features) await feature.erased?.(this);
    this.channel.tell();
  }

  publish(): void {
    clearTimeout(this.soon);
    this.soon = undefined;
    this.published = performance.now();
    for (const feature of features) feature.publish?.(this);
  }

  /** A first pull brings buildings by the hundred: drawing the list for each would take a minute. */
  private publishSoon(): void {
    const left = BETWEEN_DRAWINGS - (performance.now() - this.published);
    if (left <= 0) this.publish();
    else this.soon ??= setTimeout(() => this.publish(), left);
  }
}

/** Residents' data and the badge leave a database, also one that nobody works in now. */
export async function eraseGiven(store: Store): Promise<void> {
  await store.write([...STORES, 'map'], async (tx) => {
    const meta = { ...FRESH, ...(await tx.get<Meta>('meta', 'sync')) };
    for (const name of ['buckets', 'buildings', 'summaries', 'map']) tx.clear(name);
    tx.delete('meta', BADGE);
    const given = { cursors: {}, scope: [], lastSyncAt: null, notices: {} };
    tx.put('meta', 'sync', { ...meta, rev: meta.rev + 1, ...given });
  });
}

/** Keeps the sum over the own operations: what the server refuses is not part of it. */
function tally(meta: Meta, before: OwnOperation | undefined, after: OwnOperation): void {
  const was = before !== undefined && recorded(before);
  if (was === recorded(after)) return;
  meta.log = (was ? minus : plus)(meta.log, one(after.hash));
}

export function unsent(operations: Iterable<OwnOperation>): OwnOperation[] {
  return [...operations].filter((operation) => operation.status === 'unsent');
}
