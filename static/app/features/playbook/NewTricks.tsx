import { Icon } from '../../ui/Icon';
import { href } from '../../ui/router';
import { Answers } from './Answers';
import { newThisWeek } from './cards';
import { FLAG } from './icons';
import { words } from './texts';

/** On the first screen: what the community published this week and this volunteer has not read. */
export function NewTricks() {
  const t = words.value.today;
  const fresh = newThisWeek(Date.now());
  const one = fresh[0];
  return (
    <>
      {one && (
        <a class="strip due" href={href(fresh.length === 1 ? `/playbook/${one.id}` : '/playbook')}>
          <Icon name={FLAG} />
          <span class="grow">
            <b>{fresh.length === 1 ? t.one(one.text.title) : t.several(fresh.length)}</b>
            <span class="cap">{t.lead}</span>
          </span>
          <Icon name="right" size="s" />
        </a>
      )}
      <Answers />
    </>
  );
}
