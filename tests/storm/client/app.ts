/** The real field app as the storm drives it: the product's own modules, without its screens. */
import * as field from '../../../static/app/core/field';
import { currentDesk, currentEngine } from '../../../static/app/features/accounts/memberActions';
import { startField } from '../../../static/app/features/start';
import { loadedBuilding } from '../../../static/app/features/visits/state';
import type { OwnOperation } from '../../../static/app/sync/operations';

export { currentDesk, currentEngine, field, loadedBuilding, startField };

/** Everything recorded here: what waits, and what is settled. */
export async function operations(): Promise<OwnOperation[]> {
  const desk = currentDesk();
  if (!desk) return [];
  return desk.store.read(['outbox', 'log'], async (tx) => [
    ...(await tx.all<OwnOperation>('outbox')),
    ...(await tx.all<OwnOperation>('log')),
  ]);
}

/** Every door of every building as the screens would show it. */
export async function doors(): Promise<Record<string, unknown>> {
  const desk = currentDesk();
  const shown: Record<string, unknown> = {};
  for (const { id, yours } of field.state.buildings.value) {
    const loaded = desk && yours ? await loadedBuilding(desk, id) : null;
    if (loaded) shown[id] = Object.fromEntries(loaded.drawn.doors);
  }
  return shown;
}
