import { Icon } from '../../ui/Icon';
import { href } from '../../ui/router';
import { given } from './given';
import { words } from './texts';

/** The way to the badge from "me". */
export function MeRow() {
  const { badge } = given.value;
  return (
    <a class="row" href={href('/badge')}>
      <Icon name="badge" />
      <span class="grow">{words.value.badge.title}</span>
      <span class="cap num">{badge?.number}</span>
      <Icon name="right" size="s" />
    </a>
  );
}
