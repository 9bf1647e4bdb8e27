/** Language, theme and text size: kept in cookies, so that the server draws the page right. */

const YEAR = 365 * 24 * 60 * 60;
const root = document.documentElement;
const night = matchMedia('(prefers-color-scheme: dark)');

export function display(): void {
  followSystem();
  night.addEventListener('change', followSystem);
  document.addEventListener('click', (event) => {
    const control = (event.target as Element).closest<HTMLElement>('[data-cookie]');
    if (control === null) return;
    event.preventDefault();
    keep(control.dataset['cookie'] ?? '', control.dataset['value'] ?? '');
    apply(control);
  });
}

function followSystem(): void {
  if (/(?:^|; )qm_theme=(?:light|dark)/.test(document.cookie)) return;
  root.dataset['theme'] = night.matches ? 'dark' : 'light';
  announce();
}

function keep(name: string, value: string): void {
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Safari 15
  document.cookie = `${name}=${value}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
}

function apply(control: HTMLElement): void {
  const value = control.dataset['value'] ?? '';
  if (control.dataset['cookie'] === 'qm_lang') {
    const url = new URL(location.href);
    url.searchParams.delete('lang');
    location.replace(url);
    return;
  }
  if (control.dataset['cookie'] === 'qm_text') root.dataset['text'] = value;
  else if (value === 'system') followSystem();
  else root.dataset['theme'] = value;
  for (const other of control.parentElement?.children ?? []) {
    other.setAttribute('aria-pressed', String(other === control));
  }
  announce();
}

/** Canvases do not follow style sheets by themselves. */
function announce(): void {
  document.dispatchEvent(new CustomEvent('displaychange'));
}
