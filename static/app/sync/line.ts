/** The line to the server for one run: who we are there, the token for writing, clock and epoch. */
import { type Answer, ApiError, call } from '../core/api';
import { measured } from '../core/clock';
import type { SessionAnswer } from '../core/wire';
import type { Change, Desk } from './desk';
import { deviceOf, keepDevice } from './device';
import type { OwnOperation } from './operations';

export class Line {
  private csrf = '';

  constructor(private readonly desk: Desk) {}

  /** A revoked device is let in for its last push alone, with the token that came with the news. */
  openForLastPush(csrf: string): void {
    this.csrf = csrf;
  }

  /**
   * Asks who the server takes us for, just before anything is written. Somebody else signed in in
   * this browser is the same as nobody: who pushes comes from the cookie.
   */
  async open(): Promise<SessionAnswer> {
    const answer = await call<SessionAnswer>('/session');
    const session = answer.data;
    if (session.member?.id !== this.desk.member.member.id) {
      throw new ApiError(401, { code: 'not_signed_in' });
    }
    this.csrf = session.csrf_token;
    if (session.device?.id !== this.desk.member.device.id || (await this.lacksKey())) {
      await this.attach();
    }
    await this.hearSession(answer);
    return session;
  }

  /** Signed in on a page, or as another device of this person: make it this phone's session. */
  private async attach(): Promise<void> {
    const { id, name } = this.desk.member.device;
    const answer = await call<SessionAnswer>('/session/device', {
      method: 'POST',
      body: JSON.stringify({ id, name }),
      csrf: this.csrf,
    });
    this.csrf = answer.data.csrf_token;
    await keepDevice(this.desk.store, answer.data.device);
  }

  /** Signed in before there were rescue files: asked for once, for some servers have none. */
  private async lacksKey(): Promise<boolean> {
    if (this.desk.keyAsked) return false;
    this.desk.keyAsked = true;
    return !(await deviceOf(this.desk.store))?.key;
  }

  /** Most sessions tell nothing new: then nothing is written. */
  private async hearSession(answer: Answer<SessionAnswer>): Promise<void> {
    const { skew, epoch } = this.desk.meta;
    const { sent, received, data } = answer;
    if (measured(skew, sent, received, data.server_time) === skew && epoch === data.epoch) return;
    await this.desk.change((change) => this.heard(change, answer));
  }

  /** Runs a request with the token, once more with a fresh one if the token was refused. */
  async write<T>(request: (csrf: string) => Promise<T>): Promise<T> {
    try {
      return await request(this.csrf);
    } catch (error) {
      if (!(error instanceof ApiError) || !tokenRefused(error)) throw error;
      await this.open();
      return request(this.csrf);
    }
  }

  /** What every answer tells besides: the server's time, and whether it is the server it was. */
  async heard(
    change: Change,
    answer: Answer<{ server_time: string; epoch: string }>,
  ): Promise<void> {
    const { sent, received, data } = answer;
    const { meta } = change;
    meta.skew = measured(meta.skew, sent, received, data.server_time);
    // Whatever the clock said before: this is what time it is.
    meta.seenAt = Date.parse(data.server_time) || meta.seenAt;
    const restored = meta.epoch !== null && data.epoch !== meta.epoch;
    meta.epoch = data.epoch;
    if (restored) await sendAgain(change);
  }
}

/**
 * A new epoch: the server was restored from a backup and may lack what it had. Everything still at
 * hand is sent again; what it has is a duplicate.
 */
async function sendAgain(change: Change): Promise<void> {
  const log = await change.tx.all<OwnOperation>('log');
  for (const operation of [...log, ...change.operations.values()]) {
    if (operation.status === 'refused' || operation.status === 'unsent') continue;
    sendOnceMore(change, operation);
  }
}

/** Settled as it seemed, and yet the server lacks it: into the outbox again. */
export function sendOnceMore(change: Change, operation: OwnOperation): void {
  const { answered: _a, code: _c, ...rest } = operation;
  const again = { ...rest, status: 'unsent' as const };
  if (change.operations.has(operation.id)) change.putOperation(again);
  else change.takeBack(again);
}

const tokenRefused = ({ status, code }: ApiError): boolean =>
  (status === 400 || status === 403) && (code.includes('csrf') || code === 'server');
