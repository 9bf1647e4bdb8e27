import { signal } from '@preact/signals';
import { unsavedForms } from '../../ui/typing';
import { type Form, isTouched } from './form';

/**
 * Sheets left without saving, by door, kept while the app is open: closing a sheet by a slip of
 * the thumb loses nothing.
 */
const drafts = new Map<string, Form>();

/** Changes with every draft, so that what reads one is drawn again. */
const version = signal(0);

/** The unsaved form of a door, if there is one. */
export function draftFor(household: string): Form | undefined {
  version.value;
  return drafts.get(household);
}

/** Keeps a form, or forgets it when it is back to empty. */
export function keepDraft(household: string, form: Form): void {
  if (isTouched(form) || form.correcting) drafts.set(household, form);
  else drafts.delete(household);
  changed();
}

export function dropDraft(household: string): void {
  drafts.delete(household);
  changed();
}

function changed(): void {
  version.value += 1;
  unsavedForms.value = drafts.size;
}
