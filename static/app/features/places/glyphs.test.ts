import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DISPLAYS } from '../../core/types';
import { ICONS } from '../../ui/icons';
import { STATE_ICON } from '../../ui/states';
import { byName } from './walk';

const css = readFileSync('static/app/features/places/building.css', 'utf8');

describe('the glyphs of the grid', () => {
  it.each(DISPLAYS)('draw %s as the icon that the legend shows', (display) => {
    const rule = css.split('\n').find((line) => line.startsWith(`.grid [data-s="${display}"]::`));
    const paths = [...(rule ?? '').matchAll(/ d='([^']+)'/g)].map(([, path]) => path);
    const icon = ICONS[STATE_ICON[display]];
    expect(paths).toEqual([icon, icon]);
  });

  it('draw an alert over all of them as the warning', () => {
    const rule = css.split('\n').find((line) => line.startsWith('.grid [data-alert]::before'));
    const paths = [...(rule ?? '').matchAll(/ d='([^']+)'/g)].map(([, path]) => path);
    expect(paths).toEqual([ICONS.warn, ICONS.warn]);
  });
});

describe('the order of rooms', () => {
  it('compares plain numbers as the collator compares all others', () => {
    const names = ['1203', '101', '02', '2', '12-3', '12-10', '101A', 'B2', '10', ''];
    const collator = new Intl.Collator('en', { numeric: true });
    for (const a of names) {
      for (const b of names) {
        expect(Math.sign(byName(a, b))).toBe(Math.sign(collator.compare(a, b)));
      }
    }
  });
});
