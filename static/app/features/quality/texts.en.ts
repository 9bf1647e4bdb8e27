import type { zh } from './texts.zh';

const homes = (n: number) => (n === 1 ? '1 home' : `${n} homes`);
const time = (seconds: number) =>
  seconds < 120 ? `${seconds} seconds` : `${Math.floor(seconds / 60)} minutes`;

export const en: typeof zh = {
  title: 'For you to look at',
  toExplain: (n) => (n === 1 ? '1 record to explain' : `${n} records to explain`),
  toAsk: (n) => `Re-check: ask at ${homes(n)}`,
  explainHead: 'Please explain',
  explainLead:
    'These records look unusual. They count all the same; a word is enough, and yours comes first.',
  askHead: 'Please ask there',
  askLead: 'Drawn at random, to see how right the record is. Somebody else was here before.',
  nothing: 'Nothing to look at',
  nothingLead: 'Records to explain and doors to re-check appear here and on the first screen.',
  rules: {
    too_fast: 'Very fast',
    pace: 'Many talks in an hour',
    too_far: 'Far from the building',
    same_notes: 'The same note',
    whole_unit: 'A whole unit alike',
    clock: 'An impossible time',
    no_contact: 'App without a talk',
    other: 'Unusual',
  },
  said: {
    too_fast: (n, value) => `${homes(n)} informed in ${time(value)}`,
    pace: (n) => `${n} talks within an hour`,
    too_far: (n, value) => `${homes(n)} recorded up to ${value} m away`,
    same_notes: (n) => `one note at ${homes(n)}`,
    whole_unit: (n) => `all ${homes(n)} informed on one day, with the same leaflets`,
    clock: (n, value) => `${homes(n)} dated ${value} minutes after they arrived`,
    early: (n) => `${homes(n)} dated before you joined`,
    no_contact: (n) => `${homes(n)} with the app but nobody informed`,
    other: (n) => homes(n),
  },
  unit: (unit) => `unit ${unit}`,
  floors: (floors) => `floors ${floors}`,
  floorsJoin: ', ',
  reasons: [
    'Talked to several at once',
    'No signal inside, noted afterwards',
    'The phone’s place is wrong',
    'The phone’s clock was wrong',
    'A mistake, I will correct it',
  ],
  own: 'In your own words',
  ownHint: 'no names, no phone numbers',
  tooLong: '500 characters at most.',
  send: 'Explain',
  sent: 'Explained',
  door: (floor) => `floor ${floor}`,
  tries: (n) => `nobody home ${n}×`,
  answers: {
    visited: 'Remember the visit',
    not_visited: 'Nobody came',
    no_answer: 'Nobody home',
    refused: 'Would not say',
  },
  appAsk: 'Is the anti-fraud app there?',
  app: { installed: 'Yes', none: 'No' },
  notAsked: 'Not asked',
  back: 'Back',
  saved: 'Recorded',
};
