import { signal } from '@preact/signals';

type InstallEvent = Event & { prompt: () => Promise<void> };

/** Set while the browser offers to install the app. */
export const installOffer = signal<InstallEvent | null>(null);

/** The person does not want to be asked again in this visit. */
export const installDeclined = signal(false);

/** True when opened from the home screen. */
export function isInstalled(): boolean {
  return (
    matchMedia('(display-mode: standalone)').matches ||
    (navigator as { standalone?: boolean }).standalone === true
  );
}

/** iPhone and iPad never offer by themselves; the steps have to be told. */
export function isIos(): boolean {
  return /iPhone|iPad|iPod/.test(navigator.userAgent);
}

/** Keeps the browser's offer for a moment when it does not disturb. Call once, early. */
export function listenForInstall(): void {
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    installOffer.value = event as InstallEvent;
  });
  addEventListener('appinstalled', () => {
    installOffer.value = null;
    installDeclined.value = true;
  });
}

/** Shows the browser's own question; it can be asked once per offer. */
export async function install(): Promise<void> {
  const offer = installOffer.value;
  installOffer.value = null;
  await offer?.prompt();
}
