/**
 * What somebody should know of own operations that are settled: dismissed at the desk, or taken with
 * something in them that has to be mended. Kept beside the log, so that the fold never sees them.
 */
import type { Change, Meta } from './desk';
import type { OwnOperation } from './operations';

/** Then nobody has to be told any more (milliseconds). */
const SHOWN = 14 * 86_400_000;
const MOST = 50;

export function note(change: Change, operation: OwnOperation): void {
  const { status, warning, code } = operation;
  const { notices } = change.meta;
  delete notices[operation.id];
  const kind = status === 'dismissed' ? 'dismissed' : warning ? 'warning' : null;
  if (!kind) return;
  const { id, type, moment, building, door } = operation;
  // Of a visit its outcome is told again; what else was said of people is not kept twice.
  const text = type === 'visit' ? operation.text : '';
  notices[id] = {
    kind,
    code: (kind === 'warning' ? warning : code) ?? null,
    operation: { id, type, text, moment, building, door },
    at: operation.answered_at ?? 0,
  };
}

/** Read, or mended. */
export function forgetNotice(change: Change, id: string): void {
  delete change.meta.notices[id];
}

export function forgetOldNotices(meta: Meta): void {
  const now = meta.lastSyncAt ?? 0;
  const kept = Object.entries(meta.notices).filter(([, { at }]) => now - at < SHOWN);
  meta.notices = Object.fromEntries(kept.slice(-MOST));
}
