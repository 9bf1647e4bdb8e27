/** Menus made of <details>: close on Escape and when somebody presses elsewhere. */
export function menus(): void {
  reveal(location.hash.slice(1));
  document.addEventListener('click', (event) => {
    const target = event.target as Element;
    reveal(target.closest<HTMLElement>('[data-open]')?.dataset['open'] ?? '');
    for (const menu of open()) {
      if (!menu.contains(target)) menu.open = false;
    }
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector('summary')?.focus();
    }
  });
}

/** A link to something folded unfolds it. */
function reveal(id: string): void {
  const folded = id === '' ? null : document.getElementById(id);
  if (folded instanceof HTMLDetailsElement) folded.open = true;
}

function open(): NodeListOf<HTMLDetailsElement> {
  return document.querySelectorAll<HTMLDetailsElement>('details[data-menu][open]');
}
