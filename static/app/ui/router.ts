import { computed, signal } from '@preact/signals';

/** The root of every path of the app. */
const BASE = '/app';

type Step = { step: number };

/** Paths below `/app`, e.g. `/building/0199…/door/0199…`; `/` is the first screen. */
export const path = signal(read());

/** Query of the present address. */
export const query = computed(() => new URLSearchParams(search.value));
const search = signal(location.search);

function read(): string {
  const rest = location.pathname.startsWith(BASE) ? location.pathname.slice(BASE.length) : '';
  return rest.replace(/\/+$/, '') || '/';
}

function step(): number {
  return (history.state as Step | null)?.step ?? 0;
}

function settle(): void {
  search.value = location.search;
  path.value = read();
}

/** The address of an app path, for `href`. */
export function href(to: string): string {
  return to === '/' ? BASE : BASE + to;
}

/** Goes to an app path; `replace` leaves no entry behind (stepping from door to door). */
export function go(to: string, { replace = false } = {}): void {
  if (replace) history.replaceState({ step: step() }, '', href(to));
  else history.pushState({ step: step() + 1 }, '', href(to));
  settle();
}

/** Back to where one came from inside the app, or to `fallback` after a cold start there. */
export function back(fallback: string): void {
  if (step() > 0) history.back();
  else go(fallback, { replace: true });
}

/** Takes over taps on links that stay inside the app, so that nothing reloads. */
export function interceptLinks(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey) return;
  const link = (event.target as Element | null)?.closest?.('a');
  if (!link || link.target || link.origin !== location.origin) return;
  if (link.pathname !== BASE && !link.pathname.startsWith(`${BASE}/`)) return;
  event.preventDefault();
  const to = link.pathname.slice(BASE.length) || '/';
  if (to + link.search !== path.value + location.search) {
    go(to + link.search, { replace: link.hasAttribute('data-replace') });
  }
}

addEventListener('popstate', settle);

/** Matches an address against a pattern such as `/building/:id/:over?`; its parts, or null. */
export function match(pattern: string, at: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const parts = at.split('/');
  if (parts.length > wanted.length) return null;
  const found: Record<string, string> = {};
  for (const [index, want] of wanted.entries()) {
    const part = parts[index];
    if (part === undefined) {
      if (!want.endsWith('?')) return null;
    } else if (want.startsWith(':')) {
      found[want.replace(/^:|\?$/g, '')] = decodeURIComponent(part);
    } else if (want !== part) return null;
  }
  return found;
}
