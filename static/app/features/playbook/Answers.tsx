import { text } from '../../i18n';
import { Button } from '../../ui/Button';
import { go } from '../../ui/router';
import { heardAnswer } from './actions';
import { cardById } from './cards';
import { given } from './given';
import { words } from './texts';

/** What became of own notes, until it has been read: thanks, or why a note was set aside. */
export function Answers() {
  const t = words.value.answers;
  const { answers, shelf } = given.value;
  const fresh = answers.filter(({ id }) => !shelf.heard.includes(id));
  if (fresh.length === 0) return null;
  return (
    <section class="card fix pbanswers">
      {fresh.map(({ id, status, answer, card }) => (
        <div key={id}>
          <b>{status === 'merged' ? t.merged : t.dismissed}</b>
          {answer && <p>{answer}</p>}
          <div class="two-buttons">
            <Button kind="secondary" onPress={() => void heardAnswer(id)}>
              {text.value.common.ok}
            </Button>
            {card && cardById(card) && (
              <Button kind="soft" onPress={() => go(`/playbook/${card}`)}>
                {t.open}
              </Button>
            )}
          </div>
        </div>
      ))}
    </section>
  );
}
