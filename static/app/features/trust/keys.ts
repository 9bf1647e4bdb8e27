/**
 * The badge's key: fetched once, on line, before somebody goes out; kept in a form that the browser
 * uses and never gives out.
 */

import type { BadgeKeyAnswer } from '../../contract';
import { API, ApiError, call } from '../../core/api';
import { fromBase64 } from '../../core/bytes';
import type { Row } from '../../core/wire';
import type { Change, Desk } from '../../sync/desk';
import { BADGE } from '../../sync/device';
import { Line } from '../../sync/line';
import { alone } from '../../sync/lock';
import { importKey } from './code';
import { keep } from './feature';
import { given, type Kept } from './given';

/** After a failure this long nothing is asked (milliseconds): every change tells the screens. */
const PAUSE = 30_000;

const TRIES = 60;
const BETWEEN = 500;

let running: Promise<void> | null = null;
let failedAt = Number.NEGATIVE_INFINITY;

/** Fetches or drops what does not fit the badge; never throws. */
export function bringUpToDate(desk: Desk): Promise<void> {
  if (performance.now() - failedAt < PAUSE) return Promise.resolve();
  running ??= attempt(desk).finally(() => {
    running = null;
  });
  return running;
}

async function attempt(desk: Desk): Promise<void> {
  try {
    await inTurn(desk, async () => {
      const { badge, device } = given.value;
      if (!badge || (badge.device !== null && badge.device !== device)) return write(desk, null);
      if (badge.status !== 'active') return;
      // Another tab may have been faster, and a second key would end the first.
      const stored = await desk.store.read(['meta'], (tx) => tx.get<Kept>('meta', BADGE));
      const known = stored ?? given.value.kept;
      const kept = known?.badge === badge.id ? known : await fetchKey(desk, false);
      await write(desk, await withPhoto(kept, badge.photo));
    });
  } catch {
    failedAt = performance.now();
  }
}

/** Brings the badge from another phone to this one. Rejects with ApiError. */
export async function move(desk: Desk): Promise<void> {
  await inTurn(desk, async () => {
    const kept = await fetchKey(desk, true);
    await write(desk, kept, (change) => putHere(change, kept.badge));
  });
  failedAt = Number.NEGATIVE_INFINITY;
}

/** One tab at a time, and never during a sync: a key that is overtaken by another would show codes
 * that nobody confirms. */
async function inTurn(desk: Desk, work: () => Promise<void>): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    if (await alone(desk.store, work)) return;
    await new Promise((resolve) => setTimeout(resolve, BETWEEN));
  }
  throw new ApiError(0, {});
}

async function fetchKey(desk: Desk, moving: boolean): Promise<Kept> {
  const line = new Line(desk);
  await line.open();
  const body = JSON.stringify({ move: moving });
  const { data } = await line.write((csrf) =>
    call<BadgeKeyAnswer>('/badge/key', { method: 'POST', body, csrf }),
  );
  return { badge: data.badge, key: await importKey(fromBase64(data.key)) };
}

async function withPhoto(kept: Kept, digest: string | null): Promise<Kept> {
  const { photo, ...rest } = kept;
  if (digest === null) return rest;
  if (photo?.digest === digest) return kept;
  const answer = await fetch(`${API}/badge/photo`, { credentials: 'same-origin' });
  // Taken away meanwhile, or no network: the badge is good without.
  if (!answer.ok) return rest;
  return { ...rest, photo: { digest, bytes: await answer.arrayBuffer() } };
}

/** The row says so with the next pull; until then the old one would have the key dropped again. */
function putHere(change: Change, badge: string): void {
  const { device } = change.desk.member;
  const rows = [...change.bucket('me')].map(([key, row]): [string, Row] => {
    const moved = row.kind === 'badge' && row.id === badge;
    return [key, moved ? ({ ...row, device: device.id, device_name: device.name } as Row) : row];
  });
  change.putBucket('me', new Map(rows));
}

/** Some browsers cannot store keys: the badge then lasts until the app is closed. */
async function write(
  desk: Desk,
  kept: Kept | null,
  more?: (change: Change) => void,
): Promise<void> {
  try {
    await desk.change((change) => {
      more?.(change);
      if (kept) change.tx.put('meta', BADGE, kept);
      else change.tx.delete('meta', BADGE);
    });
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== 'DataCloneError') throw error;
  }
  keep(desk, kept);
}

/** Why it could not be moved, as a code of the catalogue. */
export const codeOfFailure = (error: unknown): string =>
  error instanceof ApiError ? error.code : 'server';
