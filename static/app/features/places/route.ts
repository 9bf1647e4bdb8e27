/**
 * A short way past all buildings, without a network: the same as on the server
 * (webapp/coverage/turf/walking.py), both keep to tests/vectors/route.json. Nearest neighbour first,
 * then parts of the way are turned round (2-opt) or moved (Or-opt) as long as that shortens it.
 */
import { metres } from '../../core/position';

export interface Point {
  lat: number;
  lon: number;
}

const LONGEST_MOVE = 3;

/** Indexes in walking order, from `start` if given, else from the point that lies farthest out. */
export function route(points: readonly Point[], start: Point | null = null): number[] {
  const count = points.length;
  if (count === 0) return [];
  const legs = points.map((a) => [...points.map((b) => metres(a, b) ?? 0), 0]);
  legs.push(new Array<number>(count + 1).fill(0));
  if (start) legs.push([...points.map((point) => metres(start, point) ?? 0), 0]);
  const way = [...nearest(legs, start ? count + 1 : outermost(legs, count), count), count];
  for (let better = true; better; ) {
    better = turn(way, legs);
    better = move(way, legs) || better;
  }
  return way.filter((at) => at < count);
}

type Legs = readonly (readonly number[])[];

const leg = (legs: Legs, from: number | undefined, to: number | undefined): number =>
  legs[from ?? 0]?.[to ?? 0] ?? 0;

function outermost(legs: Legs, count: number): number {
  const sums = legs.slice(0, count).map((row) => row.reduce((sum, one) => sum + one, 0));
  return sums.indexOf(Math.max(...sums));
}

function nearest(legs: Legs, begin: number, count: number): number[] {
  const way = [begin];
  const left = Array.from({ length: count }, (_, at) => at).filter((at) => at !== begin);
  while (left.length > 0) {
    const here = way[way.length - 1];
    let best = 0;
    left.forEach((at, i) => {
      if (leg(legs, here, at) < leg(legs, here, left[best])) best = i;
    });
    way.push(...left.splice(best, 1));
  }
  return way;
}

/** Walk a part the other way round where that is shorter. */
function turn(way: number[], legs: Legs): boolean {
  let better = false;
  for (let i = 1; i < way.length - 2; i++) {
    for (let j = i + 1; j < way.length - 1; j++) {
      const [a, b, c, d] = [way[i - 1], way[i], way[j], way[j + 1]];
      if (leg(legs, a, c) + leg(legs, b, d) >= leg(legs, a, b) + leg(legs, c, d)) continue;
      way.splice(i, j - i + 1, ...way.slice(i, j + 1).reverse());
      better = true;
    }
  }
  return better;
}

/** Put up to three in a row where they are less of a detour. */
function move(way: number[], legs: Legs): boolean {
  let better = false;
  for (let size = 1; size <= LONGEST_MOVE; size++) {
    for (let i = 1; i < way.length - size; i++) {
      const part = way.slice(i, i + size);
      const rest = [...way.slice(0, i), ...way.slice(i + size)];
      const detour = (at: number): number =>
        leg(legs, rest[at - 1], part[0]) +
        leg(legs, part[size - 1], rest[at]) -
        leg(legs, rest[at - 1], rest[at]);
      let where = i;
      for (let at = 1; at < rest.length; at++) if (detour(at) < detour(where)) where = at;
      if (detour(where) >= detour(i)) continue;
      way.splice(0, way.length, ...rest.slice(0, where), ...part, ...rest.slice(where));
      better = true;
    }
  }
  return better;
}
