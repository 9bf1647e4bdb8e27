/**
 * Registers the service worker and offers a new version of the app. It takes over only when nobody
 * is typing: by `applyUpdate`, or by itself while the app is in the background.
 */
import { state } from './field';

/** Raised when the server has to tell this client from older ones (`min_client`). */
export const CLIENT_VERSION = 1;

const CHECK_EVERY = 60 * 60_000;

let waiting: ServiceWorker | null = null;
let reloading = false;

/** `busy` says whether something typed would be lost. */
export async function startUpdates(busy: () => boolean): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const had = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    // The first worker ever takes over a page that is as new as itself. When another tab took the
    // new version, this one goes on with the old until nothing is typed in it.
    if (waiting && !reloading && !busy()) reload();
  });
  const registration = await navigator.serviceWorker.register('/sw.js', { scope: '/' });
  if (registration.waiting && had) offer(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const fresh = registration.installing;
    fresh?.addEventListener('statechange', () => {
      if (fresh.state === 'installed' && navigator.serviceWorker.controller) offer(fresh);
    });
  });
  setInterval(() => void registration.update().catch(() => {}), CHECK_EVERY);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden' && waiting && !busy()) applyUpdate();
  });
}

function offer(worker: ServiceWorker): void {
  waiting = worker;
  state.update.value = { ...state.update.value, available: true };
}

function reload(): void {
  reloading = true;
  location.reload();
}

/** The new version takes over and the page loads again. The outbox is not touched. */
export function applyUpdate(): void {
  if (waiting?.state === 'installed') waiting.postMessage({ type: 'SKIP_WAITING' });
  else reload();
}

/** What the server said its oldest welcome client is. */
export function heedMinClient(min: number | undefined): void {
  if (min === undefined || min <= CLIENT_VERSION) return;
  state.update.value = { ...state.update.value, required: true };
  void navigator.serviceWorker?.getRegistration?.().then((found) => found?.update());
}
