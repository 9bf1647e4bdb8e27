/**
 * While an invite is shown: its code counts down, and who has joined appears by itself, so that
 * "that is them" is one tap away.
 */
export function invites(): void {
  for (const timer of document.querySelectorAll<HTMLElement>('[data-until]')) countDown(timer);
  for (const section of document.querySelectorAll<HTMLElement>('[data-poll]')) poll(section);
  for (const field of document.querySelectorAll<HTMLInputElement>('[data-select]')) {
    field.addEventListener('focus', () => field.select());
  }
  // Before the other listeners: a form that was not sent is not marked as sent.
  document.addEventListener('submit', ask, true);
}

function ask(event: SubmitEvent): void {
  const question = (event.target as HTMLFormElement).dataset['confirm'];
  if (!question || confirm(question)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

/** `data-until` is how long is left: the clock of the desk may be wrong. */
function countDown(timer: HTMLElement): void {
  const end = performance.now() + Number(timer.dataset['until']);
  const tick = () => {
    const seconds = Math.ceil((end - performance.now()) / 1000);
    if (seconds <= 0) {
      timer.textContent = timer.dataset['over'] ?? '';
      clearInterval(running);
      return;
    }
    const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
    timer.textContent = (timer.dataset['text'] ?? '{time}').replace('{time}', time);
  };
  const running = setInterval(tick, 1000);
  tick();
}

const EVERY = 4000;

function poll(section: HTMLElement): void {
  const list = section.querySelector<HTMLElement>('[data-poll-target]');
  const address = section.dataset['poll'];
  if (!list || !address) return;
  setInterval(async () => {
    // Never while somebody is about to press a button in it.
    if (document.hidden || list.contains(document.activeElement)) return;
    try {
      const answer = await fetch(address, { redirect: 'error' });
      if (!answer.ok) return;
      const fresh = document.createElement('ul');
      fresh.innerHTML = await answer.text();
      if (who(fresh) === who(list)) return;
      list.replaceChildren(...fresh.childNodes);
      section.hidden = who(list) === '';
    } catch {
      // No signal: the next try is four seconds away.
    }
  }, EVERY);
}

/** Form tokens differ in every answer, the people in it are what counts. */
function who(list: HTMLElement): string {
  const rows = list.querySelectorAll<HTMLElement>('[data-member]');
  return [...rows].map((row) => row.dataset['member']).join();
}
