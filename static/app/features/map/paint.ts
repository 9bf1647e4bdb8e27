/** Paints buildings into one tile: outlines by coverage, names and figures where they fit. */
import { type Look, percent, type Step, stepOf } from './scale';
import type { Flat } from './shape';

export interface Tile {
  /** Pixels of the flat world at this zoom where the tile begins. */
  left: number;
  top: number;
  size: number;
  /** From the flat world at zoom 0 to pixels. */
  scale: number;
}

export interface Manner {
  look: Look;
  target: number;
}

/** Smaller than this (pixels) an outline is a dot. */
const DOT = 3;
const FADED = 0.45;
/** How far a text may reach over its building (pixels). */
const REACH = 90;

export function paint(
  ctx: CanvasRenderingContext2D,
  tile: Tile,
  all: readonly Flat[],
  manner: Manner,
): void {
  const brush = new Brush(ctx, tile, manner);
  const found = on(tile, all);
  for (const one of found) brush.shape(one);
  for (const one of found) {
    if (one.rings) brush.inside(one);
    else brush.beside(one);
  }
}

/** Buildings of which something is on the tile; those with a label may begin beside it. */
export function on({ left, top, size, scale }: Tile, all: readonly Flat[], reach = REACH): Flat[] {
  return all.filter(
    (one) =>
      one.maxX * scale > left - reach &&
      one.minX * scale < left + size + reach &&
      one.maxY * scale > top - reach &&
      one.minY * scale < top + size + reach,
  );
}

class Brush {
  private readonly rem: number;

  constructor(
    private readonly ctx: CanvasRenderingContext2D,
    private readonly tile: Tile,
    private readonly manner: Manner,
  ) {
    this.rem = manner.look.rem;
    ctx.lineJoin = 'round';
    ctx.textBaseline = 'middle';
  }

  shape(one: Flat): void {
    const { ctx } = this;
    const { wide, high } = this.box(one);
    const step = this.step(one);
    ctx.globalAlpha = one.of.faded ? FADED : 1;
    ctx.fillStyle = this.fill(step);
    ctx.strokeStyle = this.manner.look.edge;
    ctx.lineWidth = 1.25;
    ctx.setLineDash(step === 0 && !one.of.faded ? [4, 3] : []);
    ctx.beginPath();
    this.trace(one, Math.max(wide, high));
    ctx.fill('evenodd');
    if (!one.rings || Math.max(wide, high) >= 2 * DOT) ctx.stroke();
    ctx.globalAlpha = 1;
  }

  /** A name inside, the figure below it where both fit, else the figure alone. */
  inside(one: Flat): void {
    const { ctx, rem } = this;
    const { wide, high } = this.box(one);
    const room = Math.max(wide, high);
    if (room < 2 * rem) return;
    const size = Math.max(0.75 * rem, Math.min(0.9375 * rem, room / 3));
    ctx.font = this.font(size);
    ctx.textAlign = 'center';
    const { x, y } = this.middle(one);
    const rate = one.of.faded ? '' : percent(one.of.rate);
    const fits = ctx.measureText(one.of.label).width <= 1.3 * room;
    const both = fits && rate !== '' && Math.min(wide, high) > 2.4 * size;
    if (fits) this.write(one, one.of.label, x, both ? y - 0.55 * size : y);
    if (both || !fits) this.write(one, rate, x, both ? y + 0.6 * size : y);
  }

  private trace(one: Flat, size: number): void {
    const { ctx } = this;
    const { x, y } = this.middle(one);
    if (!one.rings) ctx.arc(x, y, this.spot(), 0, 2 * Math.PI);
    else if (size < DOT) ctx.rect(x - 2, y - 2, 4, 4);
    else for (const ring of one.rings) this.ring(ring);
  }

  private ring(ring: Float64Array): void {
    const { ctx, tile } = this;
    for (let i = 0; i < ring.length; i += 2) {
      const x = (ring[i] ?? 0) * tile.scale - tile.left;
      const y = (ring[i + 1] ?? 0) * tile.scale - tile.top;
      if (i === 0) ctx.moveTo(x, y);
      else ctx.lineTo(x, y);
    }
    ctx.closePath();
  }

  /** A spot carries its figure, its name stands to the right. */
  beside(one: Flat): void {
    const { ctx, rem } = this;
    const radius = this.spot();
    if (radius < 0.9 * rem) return;
    const { x, y } = this.middle(one);
    ctx.font = this.font(0.75 * rem);
    ctx.textAlign = 'center';
    if (!one.of.faded) this.write(one, percent(one.of.rate).replace('%', ''), x, y);
    ctx.textAlign = 'left';
    this.write(null, one.of.label, x + radius + 4, y);
  }

  /** With a rim in the colour below, so that it stays readable across an edge. */
  private write(over: Flat | null, text: string, x: number, y: number): void {
    const { ctx } = this;
    const { look } = this.manner;
    const step = over && !over.of.faded ? this.step(over) : null;
    ctx.setLineDash([]);
    ctx.lineWidth = 3.5;
    ctx.strokeStyle = step === null ? look.paper : this.fill(step);
    ctx.strokeText(text, x, y);
    ctx.fillStyle = (step === null ? undefined : look.ink[step]) ?? look.strong;
    ctx.fillText(text, x, y);
  }

  private step = (one: Flat): Step => stepOf(one.of.rate, this.manner.target);
  private fill = (step: Step): string => this.manner.look.fill[step] ?? this.manner.look.paper;
  private font = (size: number): string => `600 ${size}px ${this.manner.look.family}`;

  /** The radius of a building of which only the place is known; it grows a little with the zoom. */
  private spot(): number {
    return Math.min(1.1 * this.rem, Math.max(3, (this.tile.scale / 2 ** 17) * this.rem));
  }

  private box({ minX, maxX, minY, maxY }: Flat): { wide: number; high: number } {
    return { wide: (maxX - minX) * this.tile.scale, high: (maxY - minY) * this.tile.scale };
  }

  private middle({ x, y }: Flat): { x: number; y: number } {
    const { left, top, scale } = this.tile;
    return { x: x * scale - left, y: y * scale - top };
  }
}
