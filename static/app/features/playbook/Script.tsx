import { useEffect } from 'preact/hooks';
import { AppBar } from '../../ui/AppBar';
import { Blank } from '../../ui/Blank';
import { Button } from '../../ui/Button';
import { dayOf, shortDay } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { Pill } from '../../ui/Pill';
import { go } from '../../ui/router';
import { Screen } from '../../ui/Screen';
import { ToastSlot } from '../../ui/Toast';
import { Tabs } from '../operations/Tabs';
import { opened, pin } from './actions';
import { Deeper, FirstSteps, Ladder, Talking } from './Blocks';
import { type Card, cardById, learned, quizState } from './cards';
import { given } from './given';
import { SPEAKER, STOP, TACK } from './icons';
import { Large } from './Large';
import { Quiz } from './Quiz';
import { canSpeak, quiet, speak, speaking } from './speech';
import { words } from './texts';
import './playbook.css';

type Props = { id: string; over?: string };

/** What is read aloud: what one says and does, in the order in which it is needed. */
const sentences = ({ text }: Card): string[] => [
  text.title,
  text.lead,
  ...text.flags,
  ...text.say,
  ...text.first,
];

function Tools({ card }: { card: Card }) {
  const t = words.value.card;
  const pinned = given.value.shelf.pinned.includes(card.id);
  const quiz = learned.value.get(card.id)?.quiz;
  const state = quizState(card.id, Date.now());
  const reading = speaking.value === card.id;
  return (
    <div class="pbtools">
      {canSpeak(card.lang) && (
        <button
          type="button"
          class="chip"
          aria-pressed={reading}
          onClick={() => (reading ? quiet() : speak(card.id, card.lang, sentences(card)))}
        >
          <Icon name={reading ? STOP : SPEAKER} size="s" />
          {reading ? t.stop : t.read}
        </button>
      )}
      <button
        type="button"
        class="chip"
        aria-pressed={pinned}
        onClick={() => void pin(card, !pinned)}
      >
        <Icon name={TACK} size="s" />
        {pinned ? t.unpin : t.pin}
      </button>
      {card.text.quiz.length > 0 && (
        <button type="button" class="chip" onClick={() => go(`/playbook/${card.id}/quiz`)}>
          <Icon name={state === 'passed' ? 'check' : 'pen'} size="s" />
          {!quiz ? t.quiz : state === 'due' ? t.quizDue : t.quizDone(quiz.right, quiz.asked)}
        </button>
      )}
    </div>
  );
}

function Missing() {
  const t = words.value.card;
  return (
    <Screen
      title={t.missing}
      bar={<AppBar title="" backTo="/playbook" />}
      tabs={<Tabs current="/playbook" />}
    >
      <Blank title={t.missing}>
        <p>{t.missingLead}</p>
        <Button kind="primary" onPress={() => go('/playbook', { replace: true })}>
          {t.toList}
        </Button>
      </Blank>
    </Screen>
  );
}

function OneCard({ card }: { card: Card }) {
  const t = words.value;
  // Also when a newer version comes while the card is open.
  useEffect(() => void opened(card).catch(() => {}), [card.id, card.version]);
  useEffect(() => quiet, []);
  const { title, lead } = card.text;
  const published = card.publishedAt === null ? '' : shortDay(dayOf(card.publishedAt));
  return (
    <Screen
      title={title}
      class="playbook"
      still
      memory={`script ${card.id}`}
      bar={
        <AppBar
          title={<span lang={card.lang}>{title}</span>}
          caption={card.version > 0 && `${t.card.version(card.version)} ${published}`}
          backTo="/playbook"
        >
          <Pill tone="ok" icon="phoneOk">
            {t.list.kept}
          </Pill>
        </AppBar>
      }
      dock={
        <>
          <ToastSlot />
          <Button
            kind="soft"
            size="lg"
            icon="phone"
            block
            onPress={() => go(`/playbook/${card.id}/large`)}
          >
            {t.card.show}
          </Button>
        </>
      }
    >
      <div lang={card.lang}>
        <p class="pblead">{lead}</p>
        <Ladder card={card} />
        <Tools card={card} />
        <Talking card={card} />
        <FirstSteps card={card} />
        <Deeper card={card} />
      </div>
    </Screen>
  );
}

/** One trick: what to say, and what to do. */
export function Script({ id, over }: Props) {
  const card = cardById(id);
  if (!card) return <Missing />;
  if (over === 'large') return <Large card={card} />;
  if (over === 'quiz' && card.text.quiz.length > 0) return <Quiz key={card.version} card={card} />;
  return <OneCard key={card.id} card={card} />;
}
