import { LinkRow } from '../../ui/LinkRow';
import { given } from './given';
import { words } from './texts';

/** The way to the badge from "me". */
export function MeRow() {
  const { badge } = given.value;
  return (
    <LinkRow icon="badge" to="/badge" label={words.value.badge.title} caption={badge?.number} />
  );
}
