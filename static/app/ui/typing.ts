import { signal } from '@preact/signals';

/**
 * How many forms hold something that is not saved. An update of the app waits until it is zero:
 * nothing typed is ever thrown away by a reload.
 */
export const unsavedForms = signal(0);

/** Whether a reload would throw away something typed, on any screen. */
export function isTyping(): boolean {
  if (unsavedForms.value > 0) return true;
  const fields = document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
    'input:not([type=checkbox], [type=search]), textarea',
  );
  return [...fields].some((field) => field.value !== '');
}
