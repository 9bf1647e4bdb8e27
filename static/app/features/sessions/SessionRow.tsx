import { LinkRow } from '../../ui/LinkRow';
import { PEOPLE } from '../alerts/icons';
import { words } from './texts';

/** The way to a training session from "me". */
export function SessionRow() {
  return <LinkRow icon={PEOPLE} to="/session" label={words.value.row} />;
}
