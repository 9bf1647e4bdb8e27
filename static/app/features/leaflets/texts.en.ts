import type { zh } from './texts.zh';

export const en: typeof zh = {
  row: 'Leaflet bag',
  title: 'Leaflet bag',
  general: 'General leaflet',
  bag: 'In the bag',
  which: 'Which kind you hand out',
  inBag: (n) => `${n} in the bag`,
  short: (n) => `${n} more handed out than taken: please record them`,
  lead: 'What you take from stock and bring back. Works without a network.',
  count: 'Leaflets',
  wrong: 'A whole number from 1 to 9,999.',
  take: 'Taken',
  bring: 'Brought back',
  taken: (n) => `${n} taken, recorded`,
  brought: (n) => `${n} brought back, recorded`,
};
