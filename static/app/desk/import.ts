/** The import wizard: a file by drag and drop, and progress without reloading. */

interface Figures {
  status: 'queued' | 'running' | 'done' | 'failed' | 'stopped';
  done: number;
  total: number;
  at: number;
}

const EVERY = 1000;

export function imports(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>('[data-drop]')) drop(form);
  for (const box of document.querySelectorAll<HTMLElement>('[data-import]')) follow(box);
}

function drop(form: HTMLFormElement): void {
  const input = form.querySelector<HTMLInputElement>('input[type=file]');
  const send = form.querySelector<HTMLElement>('[data-send]');
  if (!input || !send) return;
  // With script a chosen file is sent at once: the second button is for pages without.
  send.hidden = true;
  input.addEventListener('change', () => sendChosen(form, input));
  form.addEventListener('dragover', (event) => {
    event.preventDefault();
    form.dataset['over'] = '';
  });
  form.addEventListener('dragleave', () => delete form.dataset['over']);
  form.addEventListener('drop', (event) => {
    event.preventDefault();
    delete form.dataset['over'];
    if (!event.dataTransfer?.files.length) return;
    input.files = event.dataTransfer.files;
    sendChosen(form, input);
  });
}

function sendChosen(form: HTMLFormElement, input: HTMLInputElement): void {
  const chosen = form.querySelector<HTMLElement>('[data-chosen]');
  if (chosen) chosen.textContent = input.files?.[0]?.name ?? '';
  if (input.files?.length) form.requestSubmit();
}

function follow(box: HTMLElement): void {
  const address = box.dataset['import'] ?? '';
  const began = Date.now();
  let first: number | null = null;
  const look = async (): Promise<void> => {
    try {
      const answer = await fetch(address, { headers: { Accept: 'application/json' } });
      const figures = answer.ok ? ((await answer.json()) as Figures) : null;
      if (figures && show(box, figures)) return;
      if (figures?.status === 'running') {
        first ??= figures.done;
        estimate(box, figures, (figures.done - first) / (Date.now() - began));
      }
    } catch {
      // no signal for a moment: the import goes on without us, ask again
    }
    setTimeout(look, EVERY);
  };
  setTimeout(look, EVERY);
}

/** Paint the figures; true when it is over and the page was asked for again with its result. */
function show(box: HTMLElement, figures: Figures): boolean {
  if (figures.status !== 'queued' && figures.status !== 'running') {
    location.reload();
    return true;
  }
  write(box, '[data-done]', figures.done);
  write(box, '[data-total]', figures.total);
  const bar = box.querySelector('progress');
  if (bar) bar.value = figures.total ? (10_000 * figures.done) / figures.total : 0;
  for (const building of box.querySelectorAll<HTMLElement>('[data-place]')) {
    const place = Number(building.dataset['place']);
    building.className = place < figures.at ? 'done' : place === figures.at ? 'now' : 'todo';
  }
  return false;
}

/** "About 20 seconds left", once the pace is known. */
function estimate(box: HTMLElement, figures: Figures, pace: number): void {
  const element = box.querySelector<HTMLElement>('[data-left]');
  if (!element) return;
  if (pace <= 0) {
    element.textContent = element.dataset['working'] ?? '';
    return;
  }
  const seconds = Math.ceil((figures.total - figures.done) / pace / 1000);
  element.textContent = (element.dataset['left'] ?? '').replace('{n}', String(seconds));
}

function write(box: HTMLElement, selector: string, value: number): void {
  const element = box.querySelector(selector);
  if (element) element.textContent = value.toLocaleString('en-US');
}
