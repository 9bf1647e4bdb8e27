import { toast } from '../../ui/Toast';
import { saveProblem } from '../visits/problems';
import { takeBack } from './record';
import { words } from './texts';

/** Says that it is written down, with the way back beside the thumb. */
export function takeBackToast(title: string, ids: readonly string[]): void {
  toast({ title, action: { run: () => void takeBackNow(ids) } });
}

export async function takeBackNow(ids: readonly string[]): Promise<void> {
  try {
    await takeBack(ids);
    toast({ title: words.value.alert.tookBack });
  } catch (error) {
    toast({ title: saveProblem(error) });
  }
}
