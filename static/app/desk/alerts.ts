/** The board keeps itself up to date, and its rings turn. */

const EVERY = 12_000;
const TURN = 15_000;

/** Starts both where there is a board or a ring. */
export function alerts(): void {
  const board = document.querySelector<HTMLElement>('[data-board]');
  if (board) follow(board);
  if (document.querySelector('.ring')) setInterval(turn, TURN);
}

/** Asks for the columns while somebody may be looking; what is as before costs a few bytes. */
function follow(board: HTMLElement): void {
  let tag = '';
  let busy = false;
  const ask = async (): Promise<void> => {
    if (busy || document.visibilityState !== 'visible') return;
    busy = true;
    try {
      const headers: HeadersInit = tag ? { 'If-None-Match': tag } : {};
      const answer = await fetch(board.dataset['board'] ?? '', { headers, redirect: 'error' });
      if (answer.status === 200) {
        tag = answer.headers.get('ETag') ?? '';
        replace(board, await answer.text());
      }
      stale(!answer.ok && answer.status !== 304);
    } catch {
      stale(true);
    } finally {
      busy = false;
    }
  };
  setInterval(() => void ask(), EVERY);
  document.addEventListener('visibilitychange', () => void ask());
}

/** Old figures are said to be old. */
function stale(is: boolean): void {
  const told = document.querySelector<HTMLElement>('[data-stale]');
  if (told) told.hidden = !is;
}

/** Puts the new columns in; who was on a card stays on it. */
function replace(board: HTMLElement, html: string): void {
  const focused = board.contains(document.activeElement)
    ? (document.activeElement as HTMLElement).dataset['key']
    : undefined;
  const fresh = new DOMParser().parseFromString(html, 'text/html').body;
  board.replaceChildren(...fresh.childNodes);
  if (focused) board.querySelector<HTMLElement>(`[data-key="${focused}"]`)?.focus();
  const open = board.querySelector<HTMLElement>('[data-open]')?.dataset['open'];
  const count = document.querySelector<HTMLElement>('[data-alerts-open]');
  if (count && open !== undefined) {
    count.textContent = open;
    count.hidden = open === '0';
  }
}

/** Minutes go by without the server. Hours and days are left to it. */
function turn(): void {
  for (const ring of document.querySelectorAll<HTMLElement>('.ring')) {
    const deadline = Number(ring.dataset['deadline']);
    const whole = Number(ring.dataset['whole']);
    const left = deadline - Date.now();
    const minutes = Math.floor(Math.abs(left) / 60_000);
    if (left < 0) ring.dataset['tone'] = 'over';
    const share = Math.max(0, Math.min(100, (left * 100) / Math.max(whole, 1)));
    ring.querySelector('.ring-left')?.setAttribute('stroke-dasharray', `${share} 100`);
    const told = ring.querySelector('b');
    if (told && minutes < 100) told.textContent = left < 0 ? `+${minutes}` : String(minutes);
  }
}
