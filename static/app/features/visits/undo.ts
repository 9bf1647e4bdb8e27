import { undo } from '../../core/field';
import type { Saved } from '../../core/types';
import { text } from '../../i18n';
import { toast } from '../../ui/Toast';
import { saveProblem } from './problems';

/** Takes a save back and says so, or says why not. */
export async function takeBack(saved: Saved): Promise<void> {
  try {
    await undo(saved);
    toast({ title: text.value.common.undone });
  } catch (error) {
    toast({ title: saveProblem(error) });
  }
}
