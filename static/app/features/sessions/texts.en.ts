import type { zh } from './texts.zh';

export const en: typeof zh = {
  row: 'Record a training session',
  title: 'Training session',
  lead: 'How many were told, and with whom. Works without a network.',
  place: 'Where',
  placeExample: 'Square, bank hall',
  need: 'Say where it was.',
  placeLong: 'A place has at most 120 characters.',
  partner: 'Partner',
  partners: {
    bank: 'Bank',
    school: 'School',
    property: 'Property manager',
    police: 'Police',
    other: 'Other',
  },
  residents: 'Residents',
  workers: 'Workers',
  leaflets: 'Leaflets',
  number: 'A whole number from 0 to 5,000.',
  topics: 'Tricks explained',
  campaign: 'Campaign',
  note: 'Note',
  noteExample: 'No names, no numbers',
  save: 'Record it',
  saved: 'Session recorded',
};
