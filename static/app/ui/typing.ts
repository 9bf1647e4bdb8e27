import { signal } from '@preact/signals';

/**
 * How many forms hold something that is not saved. An update of the app waits until it is zero:
 * nothing typed is ever thrown away by a reload.
 */
export const unsavedForms = signal(0);
