/** Answers, recorded like everything else: saved here first, sent when there is a network. */
import type { RecheckAnswer } from '../../contract';
import { makeOperation, NOWHERE } from '../../sync/operations';
import { toast } from '../../ui/Toast';
import { here, write } from '../recording';
import { saveProblem } from '../visits/problems';

type Fields =
  | { type: 'flag_explain'; flag: string; note: string }
  | ({ type: 'recheck' } & Pick<RecheckAnswer, 'recheck' | 'answer' | 'app'>);

/** Saves, says so and offers the way back; says why if it could not. */
export async function tell(fields: Fields, title: string): Promise<void> {
  try {
    const made = await makeOperation(fields, NOWHERE, here().desk.clock);
    await write([made]);
    toast({ title, action: { run: () => void takeBack(made.id, fields.type) } });
  } catch (error) {
    toast({ title: saveProblem(error) });
  }
}

async function takeBack(operation: string, voids: string): Promise<void> {
  try {
    const fields = { type: 'void', operation, reason: 'other' };
    await write([await makeOperation(fields, { ...NOWHERE, voids }, here().desk.clock)]);
  } catch (error) {
    toast({ title: saveProblem(error) });
  }
}
