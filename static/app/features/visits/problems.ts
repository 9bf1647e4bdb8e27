import { Refusal } from '../../core/field';
import { isFull } from '../../core/keep';
import { text } from '../../i18n';

/** Why something could not be written down, in words for the person who tried. */
export function saveProblem(error: unknown): string {
  const t = text.value;
  if (isFull(error)) return t.log.full;
  if (!(error instanceof Refusal)) return t.log.saveFailed;
  if (error.code === 'storage') return t.log.saveFailed;
  if (error.code === 'not_yours') return t.building.notYours;
  if (error.code === 'no_such_building') return t.building.missing;
  if (error.code === 'no_such_door') return t.log.gone;
  const fields: Partial<Record<string, string>> = t.log.fields;
  const field = error.field ? fields[error.field] : undefined;
  return field ? t.log.field(field) : t.common.unknown;
}
