import type { zh } from './texts.zh';

export const en: typeof zh = {
  row: 'Take leaflets',
  title: 'Leaflets',
  lead: 'How many you take from stock or bring back. Works without a network.',
  count: 'Leaflets',
  wrong: 'A whole number from 1 to 9,999.',
  take: 'Taken',
  bring: 'Brought back',
  taken: (n) => `${n} taken, recorded`,
  brought: (n) => `${n} brought back, recorded`,
};
