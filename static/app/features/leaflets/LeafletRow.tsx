import { state } from '../../core/field';
import { LinkRow } from '../../ui/LinkRow';
import { here } from '../recording';
import { bagOf } from './bag';
import { words } from './texts';

/** A sheet of paper. */
export const SHEET = 'M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5';

/** The way to the leaflets from "me", with how many are in the bag. */
export function LeafletRow() {
  const t = words.value;
  // Whatever is saved or comes in changes the outbox or the day.
  void [state.sync.value, state.today.value];
  const left = bagOf(here().desk, t.general).reduce((sum, one) => sum + one.left, 0);
  return (
    <LinkRow icon={SHEET} to="/leaflets" label={t.row} caption={left ? t.inBag(left) : undefined} />
  );
}
