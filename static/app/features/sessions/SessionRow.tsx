import { Icon } from '../../ui/Icon';
import { href } from '../../ui/router';
import { PEOPLE } from '../alerts/icons';
import { words } from './texts';

/** The way to a training session from "me". */
export function SessionRow() {
  return (
    <a class="row" href={href('/session')}>
      <Icon name={PEOPLE} />
      <span class="grow">{words.value.row}</span>
      <Icon name="right" size="s" />
    </a>
  );
}
