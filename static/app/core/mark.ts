/**
 * A mark outside IndexedDB that somebody worked on this phone: when the databases are gone and the
 * mark is not, the browser cleared them.
 */
const KEY = 'qiaomen';

export interface Mark {
  /** Server time of the last complete sync; what was recorded later may be gone. */
  lastSyncAt: number | null;
}

let last: string | null = null;

export function leaveMark(mark: Mark): void {
  const text = JSON.stringify(mark);
  if (text === last) return;
  last = text;
  try {
    localStorage.setItem(KEY, text);
  } catch {
    // Full or forbidden: then the server's memory has to do.
  }
}

export function readMark(): Mark | null {
  try {
    const text = localStorage.getItem(KEY);
    return text === null ? null : (JSON.parse(text) as Mark);
  } catch {
    return null;
  }
}

export function dropMark(): void {
  last = null;
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing was kept then.
  }
}
