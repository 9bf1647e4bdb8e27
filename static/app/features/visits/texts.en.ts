import type { zh } from './texts.zh';

export const en: typeof zh = {
  history: {
    older: (n) => `${n} earlier visits`,
    me: 'me',
    someone: 'a colleague',
    correct: 'Correct',
    void: 'Void',
    voidTitle: 'Void this entry',
    voidLead: 'It will not count any more; a trace stays.',
    reason: 'Why',
    voided: 'Voided',
    unsent: 'to send',
    held: 'needs a look',
    waitingServer: 'waiting at the server',
  },
  wish: {
    wishNoVisits: 'No visits until',
    wishOnly: 'Outcome only',
    wishOnlyHint: 'no notes, no care marks',
    wishLift: 'Lift the wish',
    wishSaved: 'Wish saved',
  },
  when: {
    parts: {
      weekday_morning: 'a weekday morning',
      weekday_afternoon: 'a weekday afternoon',
      weekday_evening: 'a weekday evening',
      weekend_morning: 'a weekend morning',
      weekend_afternoon: 'a weekend afternoon',
      weekend_evening: 'a weekend evening',
    },
    always: (n, part) => `Nobody home ${n}×, always on ${part}. `,
    tried: (parts) => `Nobody home: ${parts}. `,
    times: (part, n) => `${part} ${n}×`,
    join: ', ',
    better: (part) => `Try ${part}: somebody is more likely in.`,
    rightNow: 'Now is another time: a good moment.',
  },
  reason: {
    wrong_door: 'Wrong door',
    wrong_outcome: 'Wrong outcome',
    duplicate: 'Logged twice',
    other: 'Other',
  },
};
