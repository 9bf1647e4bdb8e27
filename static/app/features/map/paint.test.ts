import { describe, expect, it } from 'vitest';
import { on, paint, type Tile } from './paint';
import type { Look } from './scale';
import { flat, type Painted } from './shape';

/** A canvas that writes down what is asked of it. */
class Sheet {
  calls: [string, ...unknown[]][] = [];
  fillStyle = '';
  strokeStyle = '';
  globalAlpha = 1;
  dash: number[] = [];
  note = (name: string, ...given: unknown[]): void => void this.calls.push([name, ...given]);
  setLineDash = (dash: number[]): void => {
    this.dash = dash;
  };
  beginPath = (): void => {};
  closePath = (): void => {};
  moveTo = (x: number, y: number): void => this.note('moveTo', x, y);
  lineTo = (x: number, y: number): void => this.note('lineTo', x, y);
  arc = (x: number, y: number, radius: number): void => this.note('arc', x, y, radius);
  rect = (x: number, y: number): void => this.note('rect', x, y);
  fill = (): void => this.note('fill', this.fillStyle, this.globalAlpha);
  stroke = (): void => this.note('stroke', this.dash.length);
  measureText = (text: string): { width: number } => ({ width: 12 * text.length });
  strokeText = (): void => {};
  fillText = (text: string): void => this.note('text', text, this.fillStyle);
  of = (name: string): unknown[][] => this.calls.filter(([call]) => call === name);
}

const STEPS = [0, 1, 2, 3, 4, 5];
const LOOK: Look = {
  fill: STEPS.map((step) => `fill${step}`),
  ink: STEPS.map((step) => `ink${step}`),
  edge: 'edge',
  paper: 'paper',
  strong: 'strong',
  rem: 16,
  family: 'sans-serif',
};
const TILE: Tile = { left: 0, top: 0, size: 256, scale: 1 };
const block = (size: number, more: Partial<Painted> = {}): Painted => ({
  id: 'b',
  name: '3号楼',
  label: '3号',
  lat: 50,
  lon: 50,
  rings: [Float64Array.from([50, 50, 50 + size, 50, 50 + size, 50 + size, 50, 50 + size])],
  rate: 6_100,
  faded: false,
  ...more,
});

function drawn(of: Painted, tile = TILE): Sheet {
  const sheet = new Sheet();
  const one = flat(of, 'wgs84', ({ lat, lon }) => ({ x: lon, y: lat }));
  paint(sheet as unknown as CanvasRenderingContext2D, tile, [one], { look: LOOK, target: 8_500 });
  return sheet;
}

describe('a building', () => {
  it('has the colour of its step, its name and its figure', () => {
    const sheet = drawn(block(60));
    expect(sheet.of('fill')).toEqual([['fill', 'fill3', 1]]);
    expect(sheet.of('text')).toEqual([
      ['text', '3号', 'ink3'],
      ['text', '61%', 'ink3'],
    ]);
  });

  it('has its figure alone where the name does not fit', () => {
    const sheet = drawn(block(60, { label: '一个很长很长的名字' }));
    expect(sheet.of('text')).toEqual([['text', '61%', 'ink3']]);
  });

  it('is a dot without a text from far away', () => {
    const sheet = drawn(block(60), { ...TILE, scale: 0.02 });
    expect(sheet.of('rect')).toHaveLength(1);
    expect(sheet.of('text')).toHaveLength(0);
  });

  it('without doors has a dashed edge and no colour', () => {
    const sheet = drawn(block(60, { rate: null }));
    expect(sheet.of('fill')[0]?.[1]).toBe('fill0');
    expect(sheet.of('stroke')).toEqual([['stroke', 2]]);
    expect(sheet.of('text')[1]?.[1]).toBe('–');
  });

  it('that only shows the way is faint and has no figure', () => {
    const sheet = drawn(block(60, { faded: true, rate: null }));
    expect(sheet.of('fill')[0]?.[2]).toBeLessThan(0.5);
    expect(sheet.of('text')).toEqual([['text', '3号', 'strong']]);
  });

  it('of which only the place is known is a spot with its figure and its name beside it', () => {
    const sheet = drawn(block(0, { rings: null }), {
      ...TILE,
      left: 50 * 2 ** 18,
      top: 50 * 2 ** 18,
      scale: 2 ** 18,
    });
    expect(sheet.of('arc')).toHaveLength(1);
    expect(sheet.of('text').map(([, text]) => text)).toEqual(['61', '3号']);
  });
});

it('a tile holds what is on it, and whose label may reach into it', () => {
  const far = flat(block(10, { lon: 600, lat: 50, rings: null }), 'wgs84', (p) => ({
    x: p.lon,
    y: p.lat,
  }));
  const near = flat(block(10, { lon: 300, lat: 50, rings: null }), 'wgs84', (p) => ({
    x: p.lon,
    y: p.lat,
  }));
  expect(on(TILE, [far, near])).toEqual([near]);
});
