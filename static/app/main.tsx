import './ui/tokens.css';
import './ui/components.css';
import './ui/forced.css';
import { signal } from '@preact/signals';
import { render } from 'preact';
import { state } from './core/field';
import { support } from './core/support';
import type { Support } from './core/types';
import { applyUpdate, startUpdates } from './core/update';
import { listenForInstall } from './features/accounts/install';
import { startField } from './features/start';
import './features/screens';
import { text } from './i18n';
import { appearanceReady, startAppearance } from './ui/appearance';
import { Blank } from './ui/Blank';
import { Button } from './ui/Button';
import { lazy, loadTheRest } from './ui/lazy';
import { href, interceptLinks, match, path } from './ui/router';
import { screenAt } from './ui/screens';
import { isTyping, unsavedForms } from './ui/typing';

/** How far the start has come: asking the browser, opening the phone's data, or neither works. */
const start = signal<'starting' | 'ready' | 'failed' | Exclude<Support, 'ok'>>('starting');

const Help = lazy(async () => (await import('./features/accounts/Help')).Help);
const Join = lazy(async () => (await import('./features/accounts/Join')).Join);
const Pending = lazy(async () => (await import('./features/accounts/Pending')).Pending);
const SignIn = lazy(async () => (await import('./features/accounts/SignIn')).SignIn);

/** The server no longer welcomes this version: first the new one, unless something is typed. */
function Outdated() {
  const t = text.value.update;
  return (
    <div class="screen">
      <main>
        <Blank title={t.ready}>
          <p>{t.required}</p>
          <Button kind="primary" size="lg" icon="refresh" onPress={() => applyUpdate()}>
            {t.apply}
          </Button>
        </Blank>
      </main>
    </div>
  );
}

function App() {
  const session = state.session.value.state;
  const at = path.value;
  if (state.update.value.required && unsavedForms.value === 0) return <Outdated />;
  const join = match('/join/:token', at);
  if (at === '/help') return <Help support="ok" address={location.origin + href('/')} />;
  if (join || at === '/join') return <Join key={join?.token} token={join?.token ?? null} />;
  if (session === 'signed_out' || at === '/sign-in') return <SignIn />;
  if (session === 'pending') return <Pending />;
  return screenAt(session === 'revoked' ? '/outbox' : at) ?? screenAt('/');
}

function Broken() {
  const t = text.value;
  return (
    <div class="screen">
      <main>
        <Blank title={t.today.error}>
          <p>{t.today.errorLead}</p>
          <Button kind="primary" size="lg" onPress={() => location.reload()}>
            {t.common.retry}
          </Button>
        </Blank>
      </main>
    </div>
  );
}

function Root() {
  const at = start.value;
  if (at === 'ready' && state.session.value.state !== 'starting') return <App />;
  if (at === 'failed') return <Broken />;
  if (at === 'ready' || at === 'starting')
    return <Blank tone="wait" title={text.value.common.loading} />;
  return <Help support={at} address={location.href} />;
}

/** Opens the phone's data before anything is drawn from it; says so when that is impossible. */
async function open(): Promise<void> {
  startAppearance();
  listenForInstall();
  document.addEventListener('click', interceptLinks);
  const found = await support();
  if (found !== 'ok') {
    await appearanceReady();
    start.value = found;
    return;
  }
  await startField();
  await appearanceReady();
  start.value = 'ready';
  void loadTheRest();
  await startUpdates(isTyping);
}

const root = document.getElementById('app');
if (root) render(<Root />, root);
open().catch(() => {
  if (start.value !== 'ready') start.value = 'failed';
});
