/** The buildings of the desk's map, as the server's columns have them. */
import { decoded, type Painted, type Shape, short } from '../../features/map/shape';

export type Kind = 'publicity' | 'app' | 'knocked';

type Line = [
  id: string,
  name: string,
  compound: number,
  grid: number,
  lon: number | null,
  lat: number | null,
  rings: number[][] | null,
  households: number,
  occupied: number,
  knocked: number,
  reached: number,
  installed: number,
];

export interface MapData {
  labels: string[];
  buildings: Line[];
}

export interface Block extends Shape {
  compound: string;
  grid: string;
  placed: boolean;
  households: number;
  occupied: number;
  knocked: number;
  reached: number;
  installed: number;
}

export function blocks({ labels, buildings }: MapData): Block[] {
  return buildings.map((line) => {
    const [id, name, compound, grid, lon, lat, rings, households, ...counts] = line;
    const [occupied, knocked, reached, installed] = counts;
    const placed = lon !== null && lat !== null;
    return {
      id,
      name,
      compound: labels[compound] ?? '',
      grid: labels[grid] ?? '',
      placed,
      ...decoded([lon ?? 0, lat ?? 0], rings),
      households,
      occupied,
      knocked,
      reached,
      installed,
    };
  });
}

/** The two numbers of a rate. */
export function fraction(block: Block, kind: Kind): { part: number; whole: number } {
  if (kind === 'knocked') return { part: block.knocked, whole: block.households };
  const part = kind === 'app' ? block.installed : block.reached;
  return { part, whole: block.occupied };
}

/** Basis points, rounded down; null over no doors. */
export function rate(block: Block, kind: Kind): number | null {
  const { part, whole } = fraction(block, kind);
  return whole > 0 ? Math.floor((part * 10_000) / whole) : null;
}

export function painted(block: Block, kind: Kind): Painted {
  const label = short(block.name, block.compound);
  return { ...block, label, rate: rate(block, kind), faded: false };
}

export interface Wanted {
  compound: string;
  grid: string;
  words: string;
  unplaced: boolean;
}

/** What the filter finds; with words, the best match is not known: all that have every word. */
export function found(all: readonly Block[], wanted: Wanted): Block[] {
  const words = wanted.words.toLowerCase().split(/\s+/).filter(Boolean);
  return all.filter(
    (block) =>
      (!wanted.compound || block.compound === wanted.compound) &&
      (!wanted.grid || block.grid === wanted.grid) &&
      (!wanted.unplaced || !block.placed) &&
      words.every((word) => `${block.compound} ${block.name}`.toLowerCase().includes(word)),
  );
}

/** Who is furthest from the target comes first; without doors last. */
export function furthestFirst(all: readonly Block[], kind: Kind): Block[] {
  const order = new Map(all.map((block) => [block.id, rate(block, kind) ?? 10_001]));
  return [...all].sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
}

export const labelsOf = (all: readonly Block[], of: 'compound' | 'grid'): string[] =>
  [...new Set(all.map((block) => block[of]))].filter(Boolean).sort((a, b) => a.localeCompare(b));
