import { Icon } from '../../ui/Icon';
import { href } from '../../ui/router';
import { asked } from './given';
import { words } from './texts';

/** On the first screen: what this member is asked; nothing otherwise. */
export function OnToday() {
  const t = words.value;
  const { flags, rechecks } = asked.value;
  const said = [
    ...(flags.length > 0 ? [t.toExplain(flags.length)] : []),
    ...(rechecks.length > 0 ? [t.toAsk(rechecks.length)] : []),
  ];
  if (said.length === 0) return null;
  return (
    <a class="strip due" href={href('/checks')}>
      <Icon name="search" />
      <span class="grow">
        {said.map((one) => (
          <b key={one} class="asked">
            {one}
          </b>
        ))}
      </span>
      <Icon name="right" size="s" />
    </a>
  );
}
