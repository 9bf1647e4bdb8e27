/** The own shift as this phone sees it, and recording its start and end. */
import { computed } from '@preact/signals';
import type { ShiftChange } from '../../contract';
import { isoLocal } from '../../core/clock';
import { fieldsOf, type OwnOperation } from '../../sync/operations';
import { here, writeNowhere } from '../recording';
import { given } from './given';
import { type Duty, fold, type Step } from './shift';

const HOUR = 3_600_000;

/** What the server knows, with what was recorded here since. */
export const duty = computed<Duty | null>(() => {
  const { shift, own } = given.value;
  return fold(own.map(stepOf), shift);
});

function stepOf(operation: OwnOperation): Step {
  const { action, at, until } = fieldsOf<ShiftChange & { skew_ms: number }>(operation);
  const ahead = until ? Date.parse(until) - Date.parse(at) : Number.NaN;
  return {
    id: operation.id,
    moment: operation.moment,
    starts: action === 'start',
    // Read from the same clock as the start, and moved with it.
    until: Number.isNaN(ahead) ? undefined : operation.moment + ahead,
  };
}

/** Server time as far as it is known, without a network too. */
export function now(): number {
  const { clock, meta } = here().desk;
  return clock.now() + meta.skew;
}

/** On duty for so many hours; durable when it resolves. During a shift it moves its end. */
export async function start(hours: number): Promise<void> {
  const { clock } = here().desk;
  const until = isoLocal(clock.now() + hours * HOUR);
  await writeNowhere({ type: 'shift', action: 'start', until });
}

/** Off duty. */
export async function end(): Promise<void> {
  await writeNowhere({ type: 'shift', action: 'end' });
}
