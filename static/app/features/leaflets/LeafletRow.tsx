import { LinkRow } from '../../ui/LinkRow';
import { words } from './texts';

/** A sheet of paper. */
const SHEET = 'M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5';

/** The way to the leaflets from "me". */
export function LeafletRow() {
  return <LinkRow icon={SHEET} to="/leaflets" label={words.value.row} />;
}
