import { Icon } from '../../ui/Icon';
import { href } from '../../ui/router';
import { words } from './texts';

/** A sheet of paper. */
const SHEET = 'M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5';

/** The way to the leaflets from "me". */
export function LeafletRow() {
  return (
    <a class="row" href={href('/leaflets')}>
      <Icon name={SHEET} />
      <span class="grow">{words.value.row}</span>
      <Icon name="right" size="s" />
    </a>
  );
}
