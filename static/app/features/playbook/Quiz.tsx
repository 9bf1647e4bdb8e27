import { useSignal } from '@preact/signals';
import { AppBar } from '../../ui/AppBar';
import { Blank } from '../../ui/Blank';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { go } from '../../ui/router';
import { Screen } from '../../ui/Screen';
import { ToastSlot, toast } from '../../ui/Toast';
import { saveProblem } from '../visits/problems';
import { recordQuiz } from './actions';
import type { Card, Texts } from './cards';
import { orderOf } from './shuffle';
import { words } from './texts';

type Asked = Texts['quiz'][number];

type QuestionProps = {
  asked: Asked;
  chosen: number | null;
  onChoose: (option: number) => void;
};

/** One question; once answered, it says what is right and why. */
function Question({ asked, chosen, onChoose }: QuestionProps) {
  const t = words.value.quiz;
  const { question, options, answer, why } = asked;
  const stateOf = (option: number): string | undefined => {
    if (chosen === null) return undefined;
    return option === answer ? 'right' : option === chosen ? 'wrong' : 'other';
  };
  return (
    <>
      <h2 class="pbquestion" id="question">
        {question}
      </h2>
      <fieldset class="pbset pboptions" aria-labelledby="question">
        {orderOf(question, options.length).map((option) => (
          <button
            key={option}
            type="button"
            disabled={chosen !== null}
            data-state={stateOf(option)}
            onClick={() => onChoose(option)}
          >
            {chosen !== null && option === answer && <Icon name="check" />}
            {chosen !== null && option === chosen && option !== answer && <Icon name="x" />}
            <span>{options[option]}</span>
            {chosen !== null && option === answer && <span class="vh">{t.rightOne}</span>}
          </button>
        ))}
      </fieldset>
      <div role="status">
        {chosen !== null && (
          <div class="notice" data-tone={chosen === answer ? 'ok' : 'warn'}>
            <Icon name={chosen === answer ? 'check' : 'x'} />
            <div class="grow">
              <b>{chosen === answer ? t.right : t.wrong}</b>
              <p>{why}</p>
            </div>
          </div>
        )}
      </div>
    </>
  );
}

const PASSED = 0.8;

function Result({ card, right, onRetry }: { card: Card; right: number; onRetry: () => void }) {
  const t = words.value.quiz;
  const of = card.text.quiz.length;
  const passed = right >= of * PASSED;
  return (
    <Blank tone={passed ? 'ok' : 'plain'} title={t.result(right, of)}>
      <p>{passed ? t.passed : t.again}</p>
      <p class="cap">{t.saved}</p>
      <Button
        kind="primary"
        size="lg"
        onPress={() => go(`/playbook/${card.id}`, { replace: true })}
      >
        {t.back}
      </Button>
      {!passed && (
        <Button kind="secondary" onPress={onRetry}>
          {t.retry}
        </Button>
      )}
    </Blank>
  );
}

/** Five questions, one after the other; the result goes into the training record. */
export function Quiz({ card }: { card: Card }) {
  const t = words.value.quiz;
  const { title, quiz } = card.text;
  const at = useSignal(0);
  const chosen = useSignal<number | null>(null);
  const right = useSignal(0);
  const asked = quiz[at.value];
  const last = at.value === quiz.length - 1;
  const next = async (): Promise<void> => {
    if (last) {
      try {
        await recordQuiz(card, right.value, quiz.length);
      } catch (error) {
        toast({ title: saveProblem(error) });
        return;
      }
    }
    chosen.value = null;
    at.value += 1;
  };
  const choose = (option: number): void => {
    chosen.value = option;
    if (option === asked?.answer) right.value += 1;
  };
  const again = (): void => {
    at.value = 0;
    right.value = 0;
  };
  return (
    <Screen
      title={t.title(title)}
      class="playbook"
      bar={
        <AppBar
          title={<span lang={card.lang}>{t.title(title)}</span>}
          caption={asked && t.at(at.value + 1, quiz.length)}
          backTo={`/playbook/${card.id}`}
        />
      }
      dock={
        asked && (
          <>
            <ToastSlot />
            <Button
              kind="primary"
              size="lg"
              block
              disabled={chosen.value === null}
              onPress={() => void next()}
            >
              {last ? t.finish : t.next}
            </Button>
          </>
        )
      }
    >
      {asked ? (
        <div lang={card.lang}>
          <Question key={at.value} asked={asked} chosen={chosen.value} onChoose={choose} />
        </div>
      ) : (
        <Result card={card} right={right.value} onRetry={again} />
      )}
    </Screen>
  );
}
