import type { Display, Outcome } from '../core/types';
import type { KnownIcon } from './icons';

/** The glyph of each state: no state is told by colour alone. */
export const STATE_ICON: Record<Display, KnownIcon> = {
  untouched: 'ring',
  no_answer: 'closed',
  follow_up: 'follow',
  informed: 'check',
  installed: 'phoneOk',
  refused: 'slash',
  vacant: 'dash',
};

export const OUTCOME_ICON: Record<Outcome, KnownIcon> = {
  informed: 'check',
  no_answer: 'closed',
  refused: 'slash',
  vacant: 'dash',
  come_back: 'clock',
};
