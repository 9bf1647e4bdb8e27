import { text } from '../../i18n';
import { Icon } from '../../ui/Icon';
import { install, installDeclined, installOffer, isInstalled, isIos } from './install';

/** Asks for a place on the home screen, only where the browser can do it or needs the steps. */
export function InstallHint() {
  const t = text.value.install;
  const offered = installOffer.value !== null;
  if (installDeclined.value || isInstalled() || !(offered || isIos())) return null;
  return (
    <section class="card install" aria-label={t.title}>
      <Icon name="download" />
      <div class="grow">
        <b>{t.title}</b>
        <p class="cap">{offered ? t.lead : t.iosShort}</p>
      </div>
      {offered && (
        <button type="button" class="btn" data-kind="soft" onClick={() => void install()}>
          {t.button}
        </button>
      )}
      <button
        type="button"
        class="iconbtn"
        aria-label={t.later}
        onClick={() => {
          installDeclined.value = true;
        }}
      >
        <Icon name="x" size="s" />
      </button>
    </section>
  );
}
