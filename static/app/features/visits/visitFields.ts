/** From what was tapped to the fields of a `visit`; what the server would hold is refused here. */
import { Refusal } from '../../core/field';
import { metres, usable } from '../../core/position';
import type { BuildingInfo, Position, VisitDraft, Wish } from '../../core/types';
import type { VisitOperation } from '../../core/wire';

const MOST_LEAFLETS = 99;
const LONGEST_NOTE = 500;

export type VisitFields = Omit<VisitOperation, 'id' | 'at' | 'skew_ms'>;

export function visitFields(
  draft: VisitDraft,
  household: string,
  wish: Wish | null,
  where: { building: BuildingInfo; position: Position | null; now: number; leaflet: string },
): VisitFields {
  check(draft);
  const { outcome, app, leaflets = 0, flags, followUpOn } = draft;
  const note = draft.note?.trim();
  // "Outcome only": nothing about the people is written down.
  const open = !wish?.outcome_only;
  return {
    type: 'visit',
    household,
    outcome,
    ...(app ? { app } : {}),
    ...(leaflets > 0 ? { leaflets: { [where.leaflet]: leaflets } } : {}),
    ...(flags && open ? { flags: [...flags], agreed: true as const } : {}),
    ...(followUpOn ? { follow_up_on: followUpOn } : {}),
    ...(note && open ? { note } : {}),
    ...distance(where),
  };
}

function check({ outcome, app, leaflets = 0, flags, agreed, followUpOn, note }: VisitDraft): void {
  const refuse = (field: string): never => {
    throw new Refusal('invalid', field);
  };
  if (app && (outcome === 'no_answer' || outcome === 'vacant')) refuse('app');
  if (followUpOn && outcome === 'vacant') refuse('follow_up_on');
  if (followUpOn && !/^\d{4}-\d\d-\d\d$/.test(followUpOn)) refuse('follow_up_on');
  if (flags && !agreed) refuse('flags');
  if (!Number.isInteger(leaflets) || leaflets < 0 || leaflets > MOST_LEAFLETS) refuse('leaflets');
  // Characters as people and Python count them, not UTF-16 units.
  if (note && [...note.trim()].length > LONGEST_NOTE) refuse('note');
}

function distance({
  building,
  position,
  now,
}: {
  building: BuildingInfo;
  position: Position | null;
  now: number;
}): Pick<VisitOperation, 'distance_m' | 'accuracy_m'> {
  if (!usable(position, now)) return {};
  const away = metres(position, building);
  return away === null ? {} : { distance_m: away, accuracy_m: Math.round(position.accuracy) };
}
