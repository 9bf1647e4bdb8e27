/** Typing a sheet: 1 to 5 say what came of a door, Enter goes on to the next. */
export function sheet(): void {
  const form = document.querySelector<HTMLFormElement>('[data-paper-form]');
  form?.addEventListener('keydown', (event) => {
    const field = event.target as HTMLElement;
    const row = field.closest('tr');
    if (!row) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      nextOutcome(row)?.focus();
    } else if (field instanceof HTMLSelectElement && /^[0-9]$/.test(event.key)) {
      const option = field.options[Number(event.key)];
      if (!option) return;
      event.preventDefault();
      field.value = option.value;
    }
  });
}

/** The first field of the next door, in the next stairwell after the last of one. */
function nextOutcome(row: HTMLTableRowElement): HTMLSelectElement | undefined {
  const all = [...document.querySelectorAll<HTMLTableRowElement>('.paperrows tbody tr')];
  return all[all.indexOf(row) + 1]?.querySelector('select') ?? undefined;
}
