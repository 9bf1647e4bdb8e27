/** What needs the server's word at once: taking an alert, and handing it over. */
import type { MyAlertRow } from '../../contract';
import { ApiError, call } from '../../core/api';
import type { Row } from '../../core/wire';
import { merged } from '../../sync/pull';
import { here } from '../recording';

/** `by`: ids of those who were faster. */
export type Answer =
  | { kind: 'done' }
  | { kind: 'offline' }
  | { kind: 'taken'; by: string[] }
  | { kind: 'closed' }
  | { kind: 'failed' };

const failure = (error: unknown): Answer => {
  if (!(error instanceof ApiError)) throw error;
  if (error.code === 'offline') return { kind: 'offline' };
  if (error.code === 'taken') return { kind: 'taken', by: error.answer.members ?? [] };
  if (error.code === 'alert_not_open' || error.status === 404) return { kind: 'closed' };
  return { kind: 'failed' };
};

/** Atomic at the server; what it answers is on the phone's disk when this resolves. */
export async function take(alert: string): Promise<Answer> {
  const { desk, ask } = here();
  try {
    const { data } = await ask((csrf) =>
      call<Partial<MyAlertRow>>(`/alerts/${alert}/take`, { method: 'POST', csrf }),
    );
    const row = data.id ? [{ ...data, kind: 'my_alert', id: data.id } as Row] : [];
    await desk.change((change) => {
      const rows = { cursor: '', rows: row, gone: [] };
      change.putBucket('me', merged(change.bucket('me'), rows));
    });
    here().saved();
    return { kind: 'done' };
  } catch (error) {
    return failure(error);
  }
}

/** The person leaves this phone at once, not only with the next pull. */
export async function handOver(alert: string, member: string): Promise<Answer> {
  const { ask } = here();
  try {
    const body = JSON.stringify({ member });
    await ask((csrf) => call(`/alerts/${alert}/hand-over`, { method: 'POST', body, csrf }));
  } catch (error) {
    return failure(error);
  }
  await letGo(alert);
  return { kind: 'done' };
}

/** What was given of an alert leaves the phone. */
export async function letGo(alert: string): Promise<void> {
  const { desk, saved } = here();
  await desk.change((change) => {
    const rows = { cursor: '', rows: [], gone: [alert] };
    change.putBucket('me', merged(change.bucket('me'), rows));
  });
  saved();
}
