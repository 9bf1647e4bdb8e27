/** What stands on the phone's map: the outlines that the server told, the coverage that sync brings. */
import type { MapAnswer } from '../../contract';
import { state } from '../../core/field';
import type { BuildingSummary } from '../../core/types';
import { decoded, type Painted, type Shape, short } from './shape';

export interface OnMap extends Painted {
  /** The building as the list has it; null for one that only shows the way. */
  mine: BuildingSummary | null;
}

/** The server's shapes, read once. */
export function shapesOf(area: MapAnswer | null): (Shape & { compound: string })[] {
  return (area?.buildings ?? []).map(({ id, name, at, outline, compound = '' }) => ({
    id,
    name,
    compound,
    ...decoded(at, outline),
  }));
}

/** Own buildings without an outline are points where the list knows their place. */
export function onMap(
  shapes: ReturnType<typeof shapesOf>,
  buildings: readonly BuildingSummary[],
): OnMap[] {
  const own = new Map(buildings.filter(({ practice }) => !practice).map((one) => [one.id, one]));
  const told = shapes.map((shape): OnMap => {
    const mine = own.get(shape.id) ?? null;
    own.delete(shape.id);
    const name = mine?.name ?? shape.name;
    const label = short(name, shape.compound);
    return { ...shape, name, label, rate: mine?.rate ?? null, faded: mine === null, mine };
  });
  return [...told, ...[...own.values()].flatMap(asPoint)];
}

function asPoint(mine: BuildingSummary): OnMap[] {
  const { id, name, lat, lon, rate, compound } = mine;
  if (lat === null || lon === null) return [];
  const label = short(name, compound ?? '');
  return [{ id, name, label, lat, lon, rings: null, rate, faded: false, mine }];
}

/** By which rate the community is measured, and where its target lies (basis points). */
export function headline(): { target: number } {
  const community = state.community.value;
  if (!community) return { target: 8_500 };
  const { headline: kind, appTarget, publicityTarget } = community;
  return { target: kind === 'app' ? appTarget : publicityTarget };
}
