/// <reference lib="webworker" />
/**
 * The service worker: the app's shell and assets, so that it starts without any network. It never
 * touches /api, coordinator pages or anything that a person records.
 */
import {
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  type PrecacheEntry,
  precacheAndRoute,
} from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: (PrecacheEntry | string)[] };

const SHELL = '/app';
/** How long `/` may take before the app opens from the phone. */
const PATIENCE = 4_000;

precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();

const shell = createHandlerBoundToURL(SHELL);

// Every address of the app is the same page; everything else is the server's own.
registerRoute(new NavigationRoute(shell, { allowlist: [/^\/app(?:[/?]|$)/] }));

// The root sends coordinators to their pages, so the network goes first and the app is the fallback.
registerRoute(
  new NavigationRoute(
    async (options) => {
      try {
        return await Promise.race([fetch(options.request), tooLate()]);
      } catch {
        return shell(options);
      }
    },
    { allowlist: [/^\/(?:\?|$)/] },
  ),
);

const tooLate = (): Promise<never> =>
  new Promise((_, reject) => setTimeout(() => reject(new Error('slow')), PATIENCE));

// A new version waits until the page says that nothing is being typed.
self.addEventListener('message', (event) => {
  if ((event.data as { type?: string } | null)?.type === 'SKIP_WAITING') void self.skipWaiting();
});

// The very first worker serves the page that installed it, so that a reload without network works.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
