/** A handset for the real app: its disk, its clock, its network; and the app that can be killed. */
import * as fake from 'fake-indexeddb';

import { type Faults, Network } from './network';

export type App = typeof import('./app');

/** Timers beyond this are the app's own schedule; here the storm decides when it syncs. */
const SCHEDULE = 1_000;

/** `IDBRequest` and all the others, which the app's library asks for by name. */
const interfaces = Object.fromEntries(
  Object.entries(fake).filter(([name]) => name.startsWith('IDB')),
);

export class Killed extends Error {}

/** Ends once; whatever belongs to the app asks it first. */
interface Life {
  alive: boolean;
}

interface Running {
  app: App;
  life: Life;
  killed: Promise<never>;
}

export class Handset {
  readonly network: Network;
  offset = 0;
  /** The app is killed after so many more steps of its storage. */
  killAfter: number | null = null;
  private readonly disk = new fake.IDBFactory();
  private readonly kept = new Map<string, string>();
  private open = new Set<IDBDatabase>();
  private running: Running | null = null;
  private die: () => void = () => {};

  constructor(
    private readonly code: string,
    port: number,
    address: string,
  ) {
    this.network = new Network(port, address);
  }

  get app(): App {
    if (!this.running) throw new Error('the app is not running');
    return this.running.app;
  }

  /** Starts the app on what the disk holds, without a network. */
  async start(): Promise<void> {
    const life: Life = { alive: true };
    const globals = this.globals(life);
    const make = new Function(...Object.keys(globals), `${this.code}\nreturn StormApp;`);
    const killed = new Promise<never>((_, reject) => {
      this.die = () => reject(new Killed('killed'));
    });
    killed.catch(() => {});
    this.running = { app: make(...Object.values(globals)), life, killed };
    const { online } = this.network;
    this.network.online = false;
    await this.running.app.startField();
    await this.running.app.currentEngine()?.sync();
    this.network.online = online;
  }

  /** Runs something in the app; when it is killed meanwhile, says so and starts it again. */
  async run<T>(work: (app: App) => Promise<T>): Promise<T | 'killed'> {
    if (!this.running) await this.start();
    const { app, killed } = this.running as Running;
    try {
      return await Promise.race([work(app), killed]);
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      await this.start();
      return 'killed';
    }
  }

  /** Between two storage steps: open transactions are rolled back, and nothing more is written. */
  private kill(): void {
    if (this.running) this.running.life.alive = false;
    this.running = null;
    this.killAfter = null;
    // Its declaration asks for the class where it takes an object of it.
    const close = fake.forceCloseDatabase as unknown as (db: IDBDatabase) => void;
    for (const db of this.open) close(db);
    this.open = new Set();
    this.die();
  }

  private step(): void {
    if (this.killAfter === null) return;
    this.killAfter -= 1;
    if (this.killAfter < 0) this.kill();
  }

  /** What the app finds in its window; all of it ends with the app. */
  private globals(life: Life): Record<string, unknown> {
    const offset = (): number => this.offset;
    class PhoneDate extends Date {
      constructor(...given: []) {
        if (given.length === 0) super(Date.now() + offset());
        else super(...given);
      }
      static override now(): number {
        return Date.now() + offset();
      }
    }
    const window = Object.assign(new EventTarget(), { requestIdleCallback: undefined });
    const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
    return {
      window,
      document,
      indexedDB: this.factory(life),
      ...interfaces,
      Date: PhoneDate,
      fetch: (path: string, init: RequestInit) =>
        life.alive ? this.network.fetch(path, init) : new Promise(() => {}),
      navigator: { onLine: true, userAgent: 'Storm (Android 14; Storm Build)', locks: locks() },
      localStorage: {
        getItem: (key: string) => this.kept.get(key) ?? null,
        setItem: (key: string, value: string) => void this.kept.set(key, value),
        removeItem: (key: string) => void this.kept.delete(key),
      },
      BroadcastChannel: undefined,
      setTimeout: (work: () => void, after = 0) => (after < SCHEDULE ? setTimeout(work, after) : 0),
    };
  }

  /** The disk's factory, which counts the steps of whoever opens a database with it. */
  private factory(life: Life): unknown {
    const gone = (): never => {
      throw new DOMException('the app was killed', 'InvalidStateError');
    };
    const { disk } = this;
    const watch = (db: IDBDatabase): void => {
      this.open.add(db);
      const begin = db.transaction.bind(db);
      db.transaction = (...given: Parameters<typeof begin>) => {
        if (!life.alive) return gone();
        this.step();
        if (!life.alive) return gone();
        const tx = begin(...given);
        tx.addEventListener('complete', () => life.alive && this.step());
        return tx;
      };
    };
    return {
      open: (name: string, version?: number) => {
        if (!life.alive) return gone();
        const request = disk.open(name, version);
        request.addEventListener('success', () => watch(request.result as IDBDatabase));
        return request;
      },
      deleteDatabase: (name: string) => (life.alive ? disk.deleteDatabase(name) : gone()),
    };
  }
}

/** Web Locks of one tab. */
function locks(): unknown {
  const held = new Set<string>();
  return {
    async request(
      name: string,
      _options: unknown,
      work: (lock: object | null) => Promise<unknown>,
    ) {
      if (held.has(name)) return work(null);
      held.add(name);
      try {
        return await work({ name });
      } finally {
        held.delete(name);
      }
    },
  };
}

export type { Faults };
