/** The split: a building is dragged from one person to another; the lists beside do the same. */
export function turf(): void {
  const form = document.querySelector<HTMLFormElement>('[data-turf]');
  if (!form) return;
  let dragged: HTMLElement | null = null;
  form.addEventListener('dragstart', (event) => {
    dragged = (event.target as HTMLElement).closest('li');
    if (dragged) event.dataTransfer?.setData('text/plain', dragged.textContent ?? '');
  });
  form.addEventListener('dragend', () => {
    dragged = null;
    over(form, null);
  });
  form.addEventListener('dragover', (event) => {
    const share = shareAt(event);
    if (!dragged || !share) return;
    event.preventDefault();
    over(form, share);
  });
  form.addEventListener('drop', (event) => {
    const share = shareAt(event);
    const select = dragged?.querySelector('select');
    const member = share?.dataset['shareOf'];
    if (!select || !member) return;
    event.preventDefault();
    over(form, null);
    if (select.value === member) return;
    select.value = member;
    // The loads, the way and the drawing are worked out anew.
    form.requestSubmit(form.querySelector<HTMLButtonElement>('[name=again]'));
  });
}

const shareAt = (event: DragEvent): HTMLElement | null =>
  (event.target as HTMLElement).closest<HTMLElement>('[data-share-of]');

function over(form: HTMLElement, share: HTMLElement | null): void {
  for (const one of form.querySelectorAll<HTMLElement>('[data-share-of]')) {
    one.toggleAttribute('data-over', one === share);
  }
}
