import { state } from '../../core/field';
import { AppBar } from '../../ui/AppBar';
import { Icon } from '../../ui/Icon';
import { Screen } from '../../ui/Screen';
import type { Card } from './cards';
import { words } from './texts';

/** So many lines can be read at arm's length. */
const MOST_FLAGS = 4;
const MOST_STEPS = 3;

/** For the resident's eyes: a few lines, very large. */
export function Large({ card }: { card: Card }) {
  const t = words.value.big;
  const { title, lead, flags, first } = card.text;
  const phone = state.community.value?.phone;
  return (
    <Screen
      title={title}
      class="playbook pbbig"
      still
      bar={<AppBar title={<span lang={card.lang}>{title}</span>} backTo={`/playbook/${card.id}`} />}
    >
      <div lang={card.lang}>
        <p class="pbbig-lead">{lead}</p>
        <h2>{t.stop}</h2>
        <ul>
          {flags.slice(0, MOST_FLAGS).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        <h2>{t.todo}</h2>
        <ol>
          {first.slice(0, MOST_STEPS).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ol>
      </div>
      <p class="pbbig-call">
        <Icon name="call" />
        <span>
          <b>96110</b> {t.hotline}
        </span>
      </p>
      {phone && (
        <p class="pbbig-call">
          <Icon name="home" />
          <span>
            <b>{phone}</b> {state.community.value?.name}
          </span>
        </p>
      )}
    </Screen>
  );
}
