import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { begins, legend, percent, stepOf } from './scale';

const CSS = readFileSync('static/app/features/map/map.css', 'utf8');

/** The colours of a theme, by their names in the style sheet. */
function colours(dark: boolean): Record<string, string> {
  const selector = dark ? ':root[data-theme="dark"] .mapcolours' : '\n.mapcolours';
  const block = CSS.slice(CSS.indexOf(selector)).split('}')[0] ?? '';
  return Object.fromEntries(
    [...block.matchAll(/--(map[\w-]*):\s*(#\w{6})/g)].map((m) => [m[1], m[2]]),
  );
}

function luminance(hex = '#000000'): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string | undefined, other: string | undefined): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

describe.each([false, true])('in the dark: %s', (dark) => {
  const of = colours(dark);

  it('every figure is readable on its step', () => {
    for (let step = 0; step <= 5; step += 1) {
      expect(contrast(of[`map-${step}`], of[`map-ink-${step}`])).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('steps differ by lightness alone, all the same way, so that no hue has to be told', () => {
    const light = [1, 2, 3, 4, 5].map((step) => luminance(of[`map-${step}`]));
    for (let i = 1; i < light.length; i += 1) {
      const [before = 0, after = 0] = [light[i - 1], light[i]];
      const ratio = (Math.max(before, after) + 0.05) / (Math.min(before, after) + 0.05);
      expect(ratio).toBeGreaterThan(1.08);
      expect(after > before).toBe(dark);
    }
  });

  it('edges stand out from the ground', () => {
    expect(contrast(of['map-edge'], of['map-in'])).toBeGreaterThanOrEqual(3);
  });
});

describe('steps', () => {
  it('end at the target', () => {
    expect(begins(8_500)).toEqual([0, 4_000, 5_500, 7_000, 8_500]);
    expect(begins(9_000).at(-1)).toBe(9_000);
    expect(legend(8_500)).toEqual(['<40', '40', '55', '70', '85+']);
  });

  it.each([
    [null, 0],
    [0, 1],
    [3_999, 1],
    [4_000, 2],
    [6_999, 3],
    [8_499, 4],
    [8_500, 5],
    [10_000, 5],
  ] as const)('%s is on step %s', (rate, step) => {
    expect(stepOf(rate, 8_500)).toBe(step);
  });

  it('are never rounded up', () => {
    expect(percent(8_499)).toBe('84%');
    expect(percent(null)).toBe('–');
  });
});
