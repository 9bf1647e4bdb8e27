/** How long a form that was sent is not sent again: an answer may be slow, or never come. */
const PATIENCE = 8_000;

/** Small comforts of forms; everything works without them. */
export function forms(): void {
  document.addEventListener('change', (event) => {
    const field = event.target as HTMLInputElement;
    // A filter takes effect when it is chosen; the button beside it is for pages without script.
    if (field.matches('[data-submit]')) field.form?.requestSubmit();
    if (field.matches('[data-all]')) chooseAll(field);
    if (field.matches('[type=checkbox]')) count(field);
  });
  // An empty field says nothing: leave it out of the address.
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement;
    if (form.method === 'get') leaveOutEmpty(form);
    if (form.method === 'post') preventTwice(event, form);
  });
  addEventListener('pageshow', (event) => {
    if (!event.persisted) return;
    for (const form of document.forms) delete form.dataset['sent'];
    for (const field of document.querySelectorAll<HTMLInputElement>('[data-left-out]')) {
      field.disabled = false;
    }
  });
}

function chooseAll(box: HTMLInputElement): void {
  const name = box.dataset['all'] ?? '';
  for (const other of document.querySelectorAll<HTMLInputElement>(`input[name="${name}"]`)) {
    other.checked = box.checked;
  }
}

/** "Chosen: 3" beside the button that acts on what is ticked. */
function count(box: HTMLInputElement): void {
  const form = box.form;
  const output = form?.querySelector<HTMLElement>('[data-count]');
  if (!form || !output) return;
  const name = output.dataset['count'] ?? '';
  const chosen = [...form.elements].filter(
    (field) => field instanceof HTMLInputElement && field.name === name && field.checked,
  );
  output.textContent = String(chosen.length);
}

function leaveOutEmpty(form: HTMLFormElement): void {
  for (const field of form.elements) {
    const empty = field instanceof HTMLInputElement || field instanceof HTMLSelectElement;
    if (!empty || field.value !== '' || field.disabled) continue;
    field.disabled = true;
    field.dataset['leftOut'] = '';
  }
}

function preventTwice(event: SubmitEvent, form: HTMLFormElement): void {
  if (form.dataset['sent'] !== undefined) event.preventDefault();
  form.dataset['sent'] = '';
  setTimeout(() => delete form.dataset['sent'], PATIENCE);
}
