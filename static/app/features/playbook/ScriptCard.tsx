import { Icon } from '../../ui/Icon';
import { href } from '../../ui/router';
import { FirstSteps, Talking } from './Blocks';
import { cardFor, cards, type ScamType } from './cards';
import { TALK } from './icons';
import { words } from './texts';
import './playbook.css';

/** The script for a kind of fraud, for other screens: what one needs while talking. */
export function ScriptCard({ type }: { type: ScamType | null }) {
  const t = words.value.card;
  const card = type && cardFor(type);
  if (!card) return null;
  const others = cards.value.filter((one) => one.type === type && one.id !== card.id);
  return (
    <section class="pbscript" aria-label={card.text.title}>
      <div class="section">
        <h2>
          <Icon name={TALK} /> <span lang={card.lang}>{card.text.title}</span>
        </h2>
        <a class="link" href={href(`/playbook/${card.id}`)}>
          {t.whole}
        </a>
      </div>
      <div lang={card.lang}>
        <p class="pblead">{card.text.lead}</p>
        <Talking card={card} />
        <FirstSteps card={card} />
      </div>
      {others.map((one) => (
        <a key={one.id} class="link" href={href(`/playbook/${one.id}`)}>
          {t.others} {one.text.title}
        </a>
      ))}
    </section>
  );
}
