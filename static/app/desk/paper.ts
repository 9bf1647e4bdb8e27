/** The button that prints a page; without script the browser's own menu does. */
export function paper(): void {
  document.addEventListener('click', (event) => {
    if ((event.target as Element).closest('[data-print]')) print();
  });
  for (const button of document.querySelectorAll<HTMLElement>('[data-print]')) {
    button.hidden = false;
  }
}
