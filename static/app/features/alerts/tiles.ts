/** What can come of each way of reaching somebody: the usual four as tiles, the rest behind them. */
import type { IconName } from '../../ui/icons';
import type { Channel, Result } from './codes';
import { BANK, FAMILY, GO, MESSAGE, SHIELD } from './icons';
import type { zh } from './texts.zh';

export interface Tile {
  key: keyof (typeof zh)['attempt']['tile'];
  result: Result;
  icon: IconName;
  /** The person is not here: where they went is asked. */
  away?: true;
}

const PAID: Tile = { key: 'paid', result: 'paid', icon: BANK };
const AT_RISK: Tile = { key: 'stillAtRisk', result: 'still_at_risk', icon: 'warn' };
const NO_ANSWER: Tile = { key: 'noAnswer', result: 'no_answer', icon: 'x' };
const BUSY: Tile = { key: 'busy', result: 'busy', icon: 'clock' };
const DENIED: Tile = { key: 'denied', result: 'denied', icon: 'slash' };
const WRONG: Tile = { key: 'wrongNumber', result: 'wrong_number', icon: 'search' };

type Tiles = { usual: readonly Tile[]; rest: readonly Tile[] };

const AT_DOOR: Tiles = {
  usual: [
    { key: 'met', result: 'met', icon: 'check' },
    { key: 'noAnswerDoor', result: 'no_answer', icon: 'closed' },
    { key: 'familyAtDoor', result: 'family_reached', icon: FAMILY },
    { key: 'elsewhere', result: 'no_answer', icon: GO, away: true },
  ],
  rest: [
    { key: 'evaded', result: 'evaded', icon: 'walk' },
    { key: 'refusedDoor', result: 'refused', icon: 'slash' },
    DENIED,
    AT_RISK,
    PAID,
  ],
};

const TILES: Record<Channel, Tiles> = {
  call: {
    usual: [{ key: 'answered', result: 'answered', icon: 'check' }, NO_ANSWER, BUSY, DENIED],
    rest: [{ key: 'refused', result: 'refused', icon: 'slash' }, WRONG, AT_RISK, PAID],
  },
  message: {
    usual: [
      { key: 'sent', result: 'sent', icon: 'check' },
      { key: 'replied', result: 'answered', icon: MESSAGE },
      { key: 'noReply', result: 'no_answer', icon: 'x' },
      DENIED,
    ],
    rest: [AT_RISK, PAID],
  },
  door: AT_DOOR,
  workplace: AT_DOOR,
  family: {
    usual: [
      { key: 'familyReached', result: 'family_reached', icon: FAMILY },
      NO_ANSWER,
      BUSY,
      WRONG,
    ],
    rest: [AT_RISK, PAID],
  },
  bank: {
    usual: [
      { key: 'bankTold', result: 'answered', icon: 'check' },
      { key: 'atBank', result: 'at_bank', icon: BANK },
      NO_ANSWER,
      BUSY,
    ],
    rest: [AT_RISK, PAID],
  },
  police: {
    usual: [
      { key: 'policeTold', result: 'answered', icon: 'check' },
      { key: 'atPolice', result: 'at_police', icon: SHIELD },
      NO_ANSWER,
      BUSY,
    ],
    rest: [AT_RISK, PAID],
  },
};

export const tilesOf = (channel: Channel): Tiles => TILES[channel];

export const tileOf = (channel: Channel, key: string | null): Tile | undefined =>
  [...TILES[channel].usual, ...TILES[channel].rest].find((tile) => tile.key === key);

/** The icon of a way of reaching somebody. */
export const CHANNEL_ICON: Record<Channel, IconName> = {
  call: 'call',
  message: MESSAGE,
  door: 'walk',
  workplace: 'walk',
  family: FAMILY,
  bank: BANK,
  police: SHIELD,
};
