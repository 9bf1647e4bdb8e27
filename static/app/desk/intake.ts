/** The panel of the board where messages are pasted: the button says how many people are sent. */
export function intake(): void {
  const form = document.querySelector<HTMLFormElement>('.decide');
  if (form) {
    form.addEventListener('change', () => count(form));
    count(form);
  }
  document.querySelector<HTMLInputElement>('[data-select]')?.addEventListener('focus', (event) => {
    (event.target as HTMLInputElement).select();
  });
}

function count(form: HTMLFormElement): void {
  const button = form.querySelector<HTMLButtonElement>('[data-send]');
  if (!button) return;
  const number = form.querySelectorAll('[data-helper]:checked').length;
  const text = number ? button.dataset['send'] : button.dataset['open'];
  button.textContent = (text ?? '').replace('{n}', String(number));
}
