/** When to sync and what comes of it: one run at a time, push before pull, patient with failures. */
import { ApiError } from '../core/api';
import { state } from '../core/field';
import { refreshStorageInfo } from '../core/keep';
import { keepMember } from '../core/phone';
import type { SyncErrorCode } from '../core/types';
import type { SessionAnswer } from '../core/wire';
import { type Desk, unsent } from './desk';
import { Line } from './line';
import { alone } from './lock';
import { pullAll, pullSome } from './pull';
import { pushAll } from './push';
import { compareReceipt } from './receipt';

const EVERY = 3 * 60_000;
/** Waiting for the coordinator's confirmation: somebody stands beside the desk. */
const EVERY_PENDING = 4_000;
const LAST_PENDING = 15_000;
const AFTER_SAVE = 2_000;
const FIRST_RETRY = 5_000;
const LAST_RETRY = 5 * 60_000;

/** handed_over: revoked, and the server has everything that was recorded here. */
export type SessionChange = 'member' | 'pending' | 'sign_in_again' | 'revoked' | 'handed_over';

export interface EngineEvents {
  /** The server said how we stand; the desk's member is up to date. */
  session(change: SessionChange): Promise<void>;
}

export class Engine {
  private running: Promise<void> | null = null;
  private again = false;
  private failures = 0;
  private asked = 0;
  /** Comparisons in a row that found something missing. */
  private lacking = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private saveTimer: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;
  /** Of the last run that got through; null before the first and after a failure. */
  private line: Line | null = null;
  private heardAt = 0;
  private readonly listening = new AbortController();

  constructor(
    private readonly desk: Desk,
    private readonly events: EngineEvents,
  ) {}

  /** Syncs now, and from now on whenever there is a reason to. */
  start(): void {
    const { signal } = this.listening;
    const now = (): void => void this.sync();
    window.addEventListener('online', now, { signal });
    window.addEventListener('offline', () => this.report({}), { signal });
    document.addEventListener(
      'visibilitychange',
      () => document.visibilityState === 'visible' && now(),
      { signal },
    );
    now();
  }

  stop(): void {
    this.stopped = true;
    this.listening.abort();
    clearTimeout(this.timer);
    clearTimeout(this.saveTimer);
  }

  /** Some saves come one after the other: they travel together. */
  saved(): void {
    clearTimeout(this.saveTimer);
    if (!this.stopped) this.saveTimer = setTimeout(() => void this.sync(), AFTER_SAVE);
  }

  /** Resolves when a run that began after this call is over. Never throws. */
  async sync(): Promise<void> {
    if (this.stopped) return;
    if (this.running) {
      this.again = true;
      return this.running;
    }
    this.running = this.loop();
    await this.running;
  }

  /**
   * A look at these buckets between two runs, unless the server was asked less than `pause`
   * milliseconds ago. One small request; never throws.
   */
  async glance(buckets: readonly string[], pause: number): Promise<void> {
    const { line } = this;
    if (this.stopped || this.running || !line || Date.now() - this.heardAt < pause) return;
    this.running = this.look(line, buckets);
    await this.running;
  }

  /** A request that cannot wait for a run: with the token, and who asks is made sure of first. */
  async ask<T>(request: (csrf: string) => Promise<T>): Promise<T> {
    const line = this.line ?? new Line(this.desk);
    if (!this.line) await line.open();
    return line.write(request);
  }

  private async look(line: Line, buckets: readonly string[]): Promise<void> {
    try {
      await alone(this.desk.store, async () => {
        this.again ||= await pullSome(this.desk, line, buckets);
      });
    } catch {
      // What is wrong, and how long to be patient, is for a whole run to find out.
      this.again = true;
    }
    this.heardAt = Date.now();
    if (this.again && !this.stopped) return this.loop();
    this.running = null;
  }

  private async loop(): Promise<void> {
    do {
      this.again = false;
      await this.once();
    } while (this.again && !this.stopped && this.failures === 0);
    this.running = null;
    this.schedule();
  }

  private async once(): Promise<void> {
    clearTimeout(this.timer);
    this.report({ syncing: true });
    try {
      await alone(this.desk.store, () => this.run());
      this.heardAt = Date.now();
      this.failures = 0;
      this.report({ syncing: false, error: null });
    } catch (error) {
      this.line = null;
      this.failures += 1;
      this.report({ syncing: false, error: await this.reason(error) });
    }
    if (!this.stopped) void refreshStorageInfo();
  }

  private async run(): Promise<void> {
    const { desk } = this;
    const line = new Line(desk);
    const session = await this.openLine(line);
    if (!session?.member || !session.community) return;
    const { member, community, person } = session;
    const status = member.status;
    const { id, role, lead, deputy } = member;
    desk.member = {
      ...desk.member,
      person,
      community: { id: community.id, name: community.name, timezone: community.timezone },
      member: { id, role, lead, deputy },
      status,
    };
    await keepMember(desk.member, false);
    await this.events.session(status === 'pending' ? 'pending' : 'member');
    // Nothing can have been recorded and nothing may be seen before the coordinator's word.
    if (status === 'pending') return;
    await pushAll(desk, line);
    await pullAll(desk, line);
    await this.compare(line);
    this.line = line;
    // A restored server showed itself during the pull: what it lacks goes out at once.
    if (unsent(desk.operations.values()).length > 0) this.again = true;
  }

  /** Null: this device was revoked, and has done its last push. */
  private async openLine(line: Line): Promise<SessionAnswer | null> {
    try {
      return await line.open();
    } catch (error) {
      const revoked = error instanceof ApiError && error.code === 'device_revoked';
      if (!revoked || !error.answer.csrf_token) throw error;
      await this.handOver(line, error.answer.csrf_token);
      return null;
    }
  }

  /** What was given is erased first; then what was recorded goes out, and is asked for. */
  private async handOver(line: Line, csrf: string): Promise<void> {
    await this.events.session('revoked');
    line.openForLastPush(csrf);
    await pushAll(this.desk, line);
    if (await this.compare(line)) await this.events.session('handed_over');
    else this.again = true;
  }

  /** What is missing goes out again at once; the second time in a row it is no accident. */
  private async compare(line: Line): Promise<boolean> {
    const complete = await compareReceipt(this.desk, line);
    this.lacking = complete ? 0 : this.lacking + 1;
    if (this.lacking > 1) throw new ApiError(500, { code: 'receipt' });
    return complete;
  }

  private async reason(error: unknown): Promise<SyncErrorCode> {
    if (!(error instanceof ApiError)) return 'storage';
    if (error.status === 0) return 'offline';
    if (error.status === 401) {
      await this.events.session('sign_in_again');
      return 'sign_in';
    }
    if (error.code === 'device_revoked') {
      await this.events.session('revoked');
      return 'revoked';
    }
    return 'server';
  }

  private schedule(): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.sync(), this.pause());
  }

  private pause(): number {
    if (this.failures > 0) {
      const most = Math.min(LAST_RETRY, FIRST_RETRY * 2 ** (this.failures - 1));
      // Jitter: phones that lost the same network must not come back in the same second.
      return most * (0.5 + Math.random() / 2);
    }
    if (this.desk.member.status !== 'pending') return EVERY;
    if (document.visibilityState === 'hidden') return EVERY;
    this.asked += 1;
    return Math.min(LAST_PENDING, EVERY_PENDING * 1.1 ** this.asked);
  }

  private report(change: { syncing?: boolean; error?: SyncErrorCode | null }): void {
    // Somebody else's turn by now: their state is not ours to tell.
    if (this.stopped) return;
    state.sync.value = { ...state.sync.value, online: navigator.onLine !== false, ...change };
  }
}
