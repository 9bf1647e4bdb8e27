import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CardRow, NoteAnswerRow, TrainingRow } from '../../contract';
import { type FieldActions, installActions, state } from '../../core/field';
import type { Row } from '../../core/wire';
import { language } from '../../i18n';
import { Desk, registerFeature } from '../../sync/desk';
import type { OwnOperation } from '../../sync/operations';
import { go } from '../../ui/router';
import { recordAt } from '../recording';
import { opened, pin } from './actions';
import { cardById, cardFor, cards, learned, newThisWeek, quizState } from './cards';
import { given, playbookFeature } from './given';
import { NewTricks } from './NewTricks';
import { NoteSheet } from './NoteSheet';
import { Playbook } from './Playbook';
import { Quiz } from './Quiz';
import { Script } from './Script';
import { ScriptCard } from './ScriptCard';

const NOON = Date.parse('2026-11-22T12:00:00+08:00');
const DAY = 86_400_000;
const TASK = '00000000-0000-7000-8000-00000000ca01';
const LOAN = '00000000-0000-7000-8000-00000000ca05';
const OWN = '019ac1f2-7a30-7c11-9d3e-0a5b8c2f4e61';

const quiz = Array.from({ length: 5 }, (_, i) => ({
  question: `第${i + 1}问`,
  options: [`对${i}`, `错${i}`, `也错${i}`],
  answer: 0,
  why: `因为${i}`,
}));

function cardRow(id: string, type: CardRow['type'], more: Partial<CardRow> = {}): CardRow {
  const zh = { title: `${type}卡`, mark: '卡', hook: '一句', lead: '两句', flags: ['旗'], quiz };
  const en = { ...zh, title: `${type} card`, flags: ['flag'] };
  return {
    kind: 'card',
    id,
    type,
    version: 0,
    published_at: null,
    channels: ['call'],
    buckets: ['other'],
    text: { zh: JSON.stringify(zh), en: JSON.stringify(en) },
    find: {
      names: `${type}卡`,
      said: type === 'loan' ? '放款先交钱' : '老师带你稳赚',
      names_pinyin: 'ka',
      initials: 'k',
      said_pinyin: '',
      en_names: '',
      en_said: '',
    },
    ...more,
  };
}

let desk: Desk;
let round = 0;
const saved = vi.fn();
registerFeature(playbookFeature);

const bucketOf = (rows: Row[]): Map<string, Row> =>
  new Map(rows.map((row) => [`${row.kind} ${row.id}`, row]));

async function receive(community: Row[], me: Row[] = []): Promise<void> {
  await desk.change((change) => {
    change.putBucket('community', bucketOf(community));
    change.putBucket('me', bucketOf(me));
  });
}

const own = (type: string): Record<string, unknown>[] =>
  [...desk.operations.values()]
    .filter((operation) => operation.type === type)
    .map(({ text }) => JSON.parse(text));

beforeEach(async () => {
  vi.spyOn(Date, 'now').mockReturnValue(NOON);
  installActions({ day: () => '2026-11-22' } as unknown as FieldActions);
  state.sync.value = { ...state.sync.value, online: false };
  language.value = 'zh';
  round += 1;
  const who = {
    db: `playbook-${round}`,
    device: { id: 'd', name: 'Phone' },
    login: 'ann',
    person: { id: 1, name: '张敏' },
    member: { id: 'm', role: 'volunteer' as const, lead: false, deputy: false },
    community: { id: 1, name: '紫荆园社区', timezone: 'Asia/Shanghai' },
    status: 'active' as const,
  };
  desk = await Desk.open(who, { now: () => NOON, skew: 0 });
  desk.publish();
  recordAt(() => ({ desk, saved, ask: async () => Promise.reject(new Error('offline')) }));
  await receive([cardRow(TASK, 'task'), cardRow(LOAN, 'loan')]);
});

afterEach(() => {
  cleanup();
  playbookFeature.publish?.(null);
  desk.close();
  vi.restoreAllMocks();
});

describe('cards', () => {
  it('are in the language on screen, and in Chinese where there is no other', async () => {
    const { zh } = cardRow(OWN, 'other').text;
    await receive([cardRow(TASK, 'task'), cardRow(OWN, 'other', { text: { zh: zh ?? '' } })]);
    language.value = 'en';
    expect(cards.value.map(({ text }) => text.title)).toEqual(['other卡', 'task card']);
    expect(cardById(OWN)?.lang).toBe('zh-Hans');
  });

  it('of the community stand first', async () => {
    await receive([cardRow(TASK, 'task'), cardRow(OWN, 'task', { version: 1 })]);
    expect(cards.value.map(({ id }) => id)).toEqual([OWN, TASK]);
  });

  it('for a kind of fraud are the product’s, changed or not', async () => {
    await receive([cardRow(OWN, 'task', { version: 1 }), cardRow(TASK, 'task', { version: 3 })]);
    expect(cardFor('task')?.id).toBe(TASK);
    expect(cardFor('game')).toBeNull();
  });

  it('are new until they are read, and news for a week', async () => {
    const published = { version: 2, published_at: NOON - 6 * DAY };
    await receive([cardRow(TASK, 'task', published), cardRow(LOAN, 'loan')]);
    expect(newThisWeek(NOON).map(({ id }) => id)).toEqual([TASK]);
    expect(newThisWeek(NOON + 2 * DAY)).toEqual([]);
    const read: TrainingRow = { kind: 'training', id: TASK, read_version: 2 };
    await receive([cardRow(TASK, 'task', published)], [read]);
    expect(newThisWeek(NOON)).toEqual([]);
  });
});

describe('opening a card', () => {
  it('writes one receipt for a version of the community, without a network', async () => {
    await receive([cardRow(OWN, 'task', { version: 2, published_at: NOON })]);
    const card = cardById(OWN);
    if (!card) throw new Error('no card');
    await opened(card);
    await opened(card);
    expect(own('card_read')).toEqual([
      expect.objectContaining({ type: 'card_read', card: OWN, version: 2 }),
    ]);
    expect(learned.value.get(OWN)?.readVersion).toBe(2);
  });

  it('writes none for what came with the product', async () => {
    const card = cardFor('task');
    if (!card) throw new Error('no card');
    await opened(card);
    expect(own('card_read')).toEqual([]);
    expect(given.value.shelf.recent).toEqual([TASK]);
  });

  it('keeps what was opened last and what is pinned, also for the next start', async () => {
    for (const type of ['task', 'loan'] as const) {
      const card = cardFor(type);
      if (card) await opened(card);
      if (card && type === 'task') await pin(card, true);
    }
    const again = await Desk.open(desk.member, { now: () => NOON, skew: 0 });
    again.publish();
    expect(given.value.shelf.recent).toEqual([LOAN, TASK]);
    expect(given.value.shelf.pinned).toEqual([TASK]);
    again.close();
  });
});

describe('the list', () => {
  const rowsOf = (name: string): string[] =>
    within(screen.getByRole('region', { name }))
      .getAllByRole('link')
      .map((row) => row.querySelector('b')?.textContent ?? '');

  it('finds a card by what was said first, and says how many', async () => {
    render(<Playbook />);
    expect(rowsOf('全部骗术')).toEqual(['task卡', 'loan卡']);
    fireEvent.input(screen.getByRole('searchbox'), { target: { value: '老师带你稳赚' } });
    await waitFor(() => expect(rowsOf('1 张')).toEqual(['task卡']));
    fireEvent.input(screen.getByRole('searchbox'), { target: { value: 'loan卡' } });
    await waitFor(() => expect(rowsOf('1 张')).toEqual(['loan卡']));
  });

  it('says so when nothing is found', async () => {
    render(<Playbook />);
    fireEvent.input(screen.getByRole('searchbox'), { target: { value: 'qqqq' } });
    expect(await screen.findByText(/没搜到/)).toBeTruthy();
    expect(rowsOf('全部骗术')).toHaveLength(2);
  });

  it('says how the scripts come onto a phone that has none', async () => {
    await receive([]);
    render(<Playbook />);
    expect(screen.getByText('还没有话术')).toBeTruthy();
  });

  it('thanks the author of a note, once', async () => {
    const answer: NoteAnswerRow = {
      kind: 'note_answer',
      id: 'n1',
      status: 'merged',
      at: NOON,
      moment: NOON,
      card: TASK,
      answer: '谢谢您',
    };
    await receive([cardRow(TASK, 'task')], [answer]);
    render(<Playbook />);
    expect(screen.getByText('谢谢您')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: '知道了' }));
    await waitFor(() => expect(screen.queryByText('谢谢您')).toBeNull());
  });
});

describe('the first screen', () => {
  it('tells of one new trick by its name, of several by their number', async () => {
    const fresh = { version: 1, published_at: NOON };
    await receive([cardRow(OWN, 'task', fresh)]);
    const { rerender } = render(<NewTricks />);
    expect(screen.getByRole('link', { name: /新骗术：task卡/ }).getAttribute('href')).toBe(
      `/app/playbook/${OWN}`,
    );
    await receive([cardRow(OWN, 'task', fresh), cardRow(LOAN, 'loan', fresh)]);
    rerender(<NewTricks />);
    expect(screen.getByRole('link', { name: /新骗术 2 种/ })).toBeTruthy();
  });

  it('shows nothing when there is nothing new', () => {
    const { container } = render(<NewTricks />);
    expect(container.textContent).toBe('');
  });
});

describe('a note from the field', () => {
  const type = (label: string, value: string): void => {
    fireEvent.input(screen.getByLabelText(label), { target: { value } });
  };

  it('is written down without a network, with what was said of it', async () => {
    const close = vi.fn();
    render(<NoteSheet onClose={close} />);
    type('听到了什么', '  说丢件要赔  ');
    type('在哪里听到的', '菜市场');
    fireEvent.click(screen.getByRole('button', { name: '电话' }));
    fireEvent.change(screen.getByLabelText('像哪一种'), { target: { value: 'task' } });
    fireEvent.click(screen.getByRole('button', { name: '记下，交给社区' }));
    await waitFor(() => expect(close).toHaveBeenCalled());
    expect(own('scam_note')).toEqual([
      expect.objectContaining({
        note: '说丢件要赔',
        place: '菜市场',
        channel: 'call',
        scam_type: 'task',
      }),
    ]);
    expect(saved).toHaveBeenCalled();
  });

  it.each([
    ['听到了什么', '打 13800001234', '像是手机号，请删掉'],
    ['听到了什么', '身份证 11010519491231002X', '像是身份证号，请删掉'],
    ['在哪里听到的', '138 0000 1234', '像是手机号，请删掉'],
  ])('with a number of a person in “%s” is refused here already', async (label, value, words) => {
    render(<NoteSheet onClose={() => {}} />);
    type('听到了什么', '说丢件要赔');
    type(label, value);
    expect(await screen.findByText(words)).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: '记下，交给社区' }));
    await Promise.resolve();
    expect(own('scam_note')).toEqual([]);
  });

  it('needs a word of what was heard', async () => {
    render(<NoteSheet onClose={() => {}} />);
    fireEvent.click(screen.getByRole('button', { name: '记下，交给社区' }));
    expect(await screen.findByText('请写一句听到了什么')).toBeTruthy();
    expect(own('scam_note')).toEqual([]);
  });
});

describe('the quiz', () => {
  async function answer(right: number): Promise<void> {
    const card = cardFor('task');
    if (!card) throw new Error('no card');
    render(<Quiz card={card} />);
    for (let i = 0; i < 5; i++) {
      fireEvent.click(await screen.findByRole('button', { name: i < right ? `对${i}` : `错${i}` }));
      expect(screen.getByText(`因为${i}`)).toBeTruthy();
      fireEvent.click(screen.getByRole('button', { name: i < 4 ? '下一题' : '看结果' }));
    }
    await screen.findByText(`答对 ${right} 题，共 5 题`);
  }

  it('counts the right answers and writes the result down', async () => {
    await answer(4);
    expect(own('quiz_result')).toEqual([
      expect.objectContaining({ card: TASK, version: 0, right: 4, asked: 5 }),
    ]);
    expect(quizState(TASK, NOON)).toBe('passed');
  });

  it('can be tried again when too little was right', async () => {
    await answer(3);
    expect(quizState(TASK, NOON)).toBe('again');
    fireEvent.click(screen.getByRole('button', { name: '再测一次' }));
    expect(await screen.findByText('第1问')).toBeTruthy();
  });

  it('comes back after three months', async () => {
    const row: TrainingRow = {
      kind: 'training',
      id: TASK,
      quiz_at: NOON - 90 * DAY,
      right: 5,
      asked: 5,
    };
    await receive([cardRow(TASK, 'task')], [row]);
    expect(quizState(TASK, NOON - 1)).toBe('passed');
    expect(quizState(TASK, NOON)).toBe('due');
  });

  it('counts what is on its way to the server, the later one of two', async () => {
    const row: TrainingRow = { kind: 'training', id: TASK, quiz_at: NOON - 1, right: 1, asked: 5 };
    await receive([cardRow(TASK, 'task')], [row]);
    await answer(5);
    expect(learned.value.get(TASK)?.quiz).toEqual({ at: NOON, right: 5, asked: 5 });
  });
});

describe('one card', () => {
  it('offers no reading aloud where the browser has no voice', () => {
    render(<Script id={TASK} />);
    expect(screen.getByRole('button', { name: '置顶' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: '朗读' })).toBeNull();
  });

  it('shows a few lines in large print', () => {
    render(<Script id={TASK} over="large" />);
    expect(screen.getByText('先停一停')).toBeTruthy();
    expect(screen.getByText('96110')).toBeTruthy();
  });

  it('that is not there says so and leads to the list', () => {
    render(<Script id="nothing" />);
    fireEvent.click(screen.getByRole('button', { name: '看全部话术' }));
    expect(location.pathname).toBe('/app/playbook');
    go('/', { replace: true });
  });

  it('is there for other screens by the kind of fraud', () => {
    const { container, rerender } = render(<ScriptCard type="task" />);
    expect(screen.getByRole('heading', { name: 'task卡' })).toBeTruthy();
    rerender(<ScriptCard type={null} />);
    expect(container.textContent).toBe('');
  });
});

describe('reading aloud', () => {
  it('speaks the card with a voice of its language, and stops', async () => {
    const spoken: string[] = [];
    const cancel = vi.fn();
    const voice = { lang: 'zh-CN' } as SpeechSynthesisVoice;
    vi.stubGlobal('speechSynthesis', {
      getVoices: () => [voice],
      addEventListener: () => {},
      speak: ({ text }: { text: string }) => spoken.push(text),
      cancel,
    });
    vi.stubGlobal(
      'SpeechSynthesisUtterance',
      class {
        constructor(readonly text: string) {}
      },
    );
    vi.resetModules();
    const { canSpeak, quiet, speak, speaking } = await import('./speech');
    expect([canSpeak('zh-Hans'), canSpeak('en')]).toEqual([true, false]);
    speak('c', 'zh-Hans', ['一', '二']);
    expect([spoken, speaking.value]).toEqual([['一', '二'], 'c']);
    quiet();
    expect(speaking.value).toBeNull();
    expect(cancel).toHaveBeenCalled();
    vi.unstubAllGlobals();
  });
});

describe('own operations', () => {
  it('that were held or refused teach nothing', async () => {
    const operation = {
      id: 'o1',
      type: 'quiz_result',
      text: JSON.stringify({ card: TASK, right: 5, asked: 5 }),
      hash: '00',
      moment: NOON,
      building: null,
      household: null,
      door: null,
      status: 'held',
    } satisfies OwnOperation;
    await desk.change((change) => change.putOperation(operation));
    expect(learned.value.get(TASK)).toBeUndefined();
  });
});
