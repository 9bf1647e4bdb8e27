import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MyAlertRow, MyFollowUpRow } from '../../contract';
import { openPhone, type Phone } from '../../testing/phone';
import { type Member, Server } from '../../testing/server';

const MINUTE = 60_000;
const HE: Partial<MyAlertRow> = {
  resident_name: '何女士',
  sex: 'f',
  age: 58,
  phone: '138 0000 0001',
  unit: '2',
  room: '1602',
  lat: 29.97,
  lon: 106.27,
  amount: 7_800_000,
  original: '合川紫荆园社区，某小区3幢何女士，58岁，疑似被骗',
  caretaker: { name: '吴姐', role: '网格员' },
  contacts: [{ role: 'family', name: '陈先生', phone: '13800000007' }],
  follow_up_days: { high: [1, 3, 7, 30], medium: [3, 30], low: [7] },
};

let server: Server;
let ann: Member;
let phone: Phone;
let round = 0;
let address: () => string;

/** Ann's phone with what the server has, and the app's screens drawn from the address. */
beforeEach(async () => {
  round += 1;
  server = new Server();
  server.makeKeys();
  server.addCommunity();
  ann = server.addMember(`ann-${round}`, 'Ann', []);
  server.addMember('bob', '老郑', []);
  phone = await openPhone(server, ann);
  await phone.sync();
});

async function open(at: string): Promise<void> {
  await phone.sync();
  const [field, router, screens] = await Promise.all([
    import('../../core/field'),
    import('../../ui/router'),
    import('../../ui/screens'),
  ]);
  field.installActions({
    day: () => '2026-11-22',
    syncNow: () => phone.engine.sync(),
  } as unknown as Parameters<typeof field.installActions>[0]);
  field.state.today.value = { ...field.state.today.value, day: '2026-11-22' };
  field.state.session.value = {
    state: 'member',
    member: { id: ann.id, role: 'volunteer', lead: false, deputy: false },
    person: { id: 1, name: '王敏' },
    community: { id: 1, name: 'Demo' },
    device: { id: 'd', name: 'Phone' },
    login: 'ann',
  };
  const [{ Alerts }, { Alert }, { FollowUp }] = await Promise.all([
    import('./Alerts'),
    import('./Alert'),
    import('./FollowUp'),
  ]);
  screens.registerScreen({ path: '/alerts', screen: Alerts });
  screens.registerScreen({ path: '/alert/:id/:over?', screen: Alert });
  screens.registerScreen({ path: '/follow-up/:id/:over?', screen: FollowUp });
  document.onclick = (event) => {
    router.interceptLinks(event);
    // A real dialler is not needed.
    if ((event.target as Element).closest('a')) event.preventDefault();
  };
  router.go(at, { replace: true });
  address = () => router.path.value;
  const Here = () => screens.screenAt(router.path.value);
  render(<Here />);
}

afterEach(() => {
  cleanup();
  phone.kill();
  vi.useRealTimers();
});

const tap = (role: string, name: string | RegExp, within_: ParentNode = document): boolean =>
  fireEvent.click(within(within_ as HTMLElement).getByRole(role, { name }));
const type = (name: string | RegExp, value: string): boolean =>
  fireEvent.input(screen.getByRole('textbox', { name }), { target: { value } });
const saved = (): Record<string, unknown>[] =>
  [...phone.desk.operations.values()].map(({ text }) => JSON.parse(text));
const sheet = (): HTMLElement => screen.getByRole('dialog');
const words = (): string => document.body.textContent ?? '';

describe('the list', () => {
  it('shows mine with the person, and of the team neither person nor room', async () => {
    server.addAlert('a1', [ann.id], HE);
    server.addAlert('a2', ['bob'], { resident_name: '小丁', room: '1101' });
    await open('/alerts');
    expect(screen.getByText('何女士')).toBeTruthy();
    expect(words()).toContain('2单元 1602');
    expect(words()).toContain('老郑');
    expect(words()).not.toMatch(/小丁|1101/);
    expect(screen.getByRole('tab', { name: '在办 2' })).toBeTruthy();
    expect(screen.getByRole('tab', { name: '我的 1' })).toBeTruthy();
  });

  it('has the overdue first, and what has contact last', async () => {
    server.addAlert('late', []);
    server.now += 61 * MINUTE;
    server.addAlert('fresh', []);
    await open('/alerts');
    expect(screen.getAllByRole('timer').map((ring) => ring.getAttribute('aria-label'))).toEqual([
      '超时 1 分钟',
      '剩余 60 分钟',
    ]);
  });

  it('says whom the server has called because time is up', async () => {
    server.addAlert('mine', [ann.id], HE);
    server.addAlert('theirs', []);
    server.escalate('mine', 'deputy');
    server.escalate('theirs', 'lead');
    await open('/alerts');
    expect(words()).toContain('超时，已叫副组长');
    expect(words()).toContain('超时，已叫组长');
  });

  it('says what fills it when there is nothing', async () => {
    await open('/alerts');
    expect(screen.getByRole('heading', { name: '现在没有预警' })).toBeTruthy();
    tap('tab', /^我的/);
    expect(screen.getByRole('heading', { name: '您手上没有预警' })).toBeTruthy();
    tap('tab', /^已办结/);
    expect(screen.getByRole('heading', { name: '近 30 天没有办结的' })).toBeTruthy();
  });

  it('draws fifty of a thousand, and more when asked', async () => {
    for (let n = 0; n < 120; n++) server.addAlert(`a${n}`, []);
    await open('/alerts');
    expect(document.querySelectorAll('.al')).toHaveLength(50);
    tap('button', '再看 50 条');
    expect(document.querySelectorAll('.al')).toHaveLength(100);
    tap('button', '再看 20 条');
    expect(document.querySelectorAll('.al')).toHaveLength(120);
  });
});

describe('taking an alert', () => {
  beforeEach(() => server.addAlert('a1', [], HE));

  it('brings the person at once, and the screen turns to work', async () => {
    await open('/alert/a1');
    expect(words()).not.toMatch(/何女士|1602/);
    await phone.online(async () => {
      tap('button', '接单');
      await waitFor(() => expect(words()).toContain('何女士 58岁'));
    });
    expect(screen.getByRole('button', { name: '记一次联系' })).toBeTruthy();
  });

  it('is refused with the name of who was faster', async () => {
    await open('/alert/a1');
    server.takeAlert('a1', server.members.get('bob') as Member);
    await phone.online(async () => {
      tap('button', '接单');
      await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('老郑 已经接了'));
    });
    expect(words()).not.toMatch(/何女士|1602/);
  });

  it('needs a network, and says so before and after', async () => {
    await open('/alert/a1');
    phone.fault = () => 'lose_request';
    await phone.online(async () => {
      tap('button', '接单');
      await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('接单要联网'));
    });
    phone.state.sync.value = { ...phone.state.sync.value, online: false };
    await waitFor(() =>
      expect(screen.getByRole('button', { name: '接单' }).getAttribute('aria-disabled')).toBe(
        'true',
      ),
    );
  });

  it('that the lease took away offers to fetch it again', async () => {
    server.addAlert('a2', [ann.id], HE);
    await phone.sync();
    server.now += 14 * 60 * MINUTE;
    phone.desk.publish();
    await waitFor(() => expect(phone.given.value.mine).toEqual([]));
    phone.fault = () => 'lose_request';
    await open('/alert/a2');
    expect(words()).toContain('资料已收回');
    expect(words()).not.toMatch(/何女士|1602/);
    phone.fault = () => null;
    await phone.online(async () => {
      tap('button', '现在查一下');
      await waitFor(() => expect(words()).toContain('何女士'));
    });
  });
});

describe('working an alert', () => {
  beforeEach(async () => {
    server.addAlert('a1', [ann.id], HE);
    await open('/alert/a1');
  });

  const act = (name: RegExp): HTMLAnchorElement =>
    screen.getByRole('link', { name }) as HTMLAnchorElement;

  it('offers call, message and the way; the message names community and a known person, no link', () => {
    expect(act(/^打电话/).getAttribute('href')).toBe('tel:13800000001');
    const message = decodeURIComponent(act(/^发短信/).getAttribute('href') ?? '');
    expect(message).toContain(
      'sms:13800000001?body=何女士您好，我是Demo的王敏，和网格员吴姐一起的',
    );
    expect(message).not.toMatch(/https?:|www\.|\.cn|\.com/);
    expect(act(/^上门/).getAttribute('href')).toMatch(/^geo:29\.97,106\.27\?q=29\.97,106\.27/);
  });

  it('names somebody whom the resident knows', () => {
    expect(words()).toContain('我和网格员吴姐是一起的');
    expect(words()).toContain('她认识吴姐');
  });

  it('after a call one tap says what came of it, at the moment of the call', async () => {
    fireEvent.click(act(/^打电话/));
    const called = server.now;
    server.now += 2 * MINUTE;
    const strip = await screen.findByRole('region', { name: '电话怎么样' });
    tap('radio', '没接', strip);
    await waitFor(() => expect(saved()).toHaveLength(1));
    expect(saved()[0]).toMatchObject({
      type: 'alert_attempt',
      channel: 'call',
      result: 'no_answer',
    });
    expect(Date.parse(String(saved()[0]?.['at']))).toBe(called);
    await waitFor(() => expect(screen.queryByRole('region', { name: '电话怎么样' })).toBeNull());
    expect(screen.getByText('电话 第1次 没人接')).toBeTruthy();
  });

  it('asks what came of it also when the dialler pushed the app out of memory', async () => {
    fireEvent.click(act(/^打电话/));
    await waitFor(async () =>
      expect(await phone.desk.store.read(['meta'], (tx) => tx.get('meta', 'contact'))).toBeTruthy(),
    );
    const { begun } = await import('./contact');
    cleanup();
    begun.value = null;
    const { Alert } = await import('./Alert');
    render(<Alert id="a1" />);
    expect(await screen.findByRole('region', { name: '电话怎么样' })).toBeTruthy();
  });

  it('proposes message and door after two unanswered calls', async () => {
    for (const step of [1, 2]) {
      fireEvent.click(act(/^打电话/));
      tap('radio', '没接', await screen.findByRole('region', { name: '电话怎么样' }));
      await waitFor(() => expect(saved()).toHaveLength(step));
      server.now += MINUTE;
    }
    expect(words()).toContain('2 次没接：发短信，马上上门');
    await waitFor(() => expect(act(/^发短信/).dataset.on).toBe(''));
  });

  it('takes an attempt back', async () => {
    fireEvent.click(act(/^打电话/));
    tap('radio', '占线', await screen.findByRole('region', { name: '电话怎么样' }));
    await screen.findByText('电话 第1次 占线');
    expect(words()).toContain('占线，可能正和骗子通话');
    fireEvent.click(await screen.findByRole('button', { name: '撤销' }));
    await waitFor(() => expect(screen.queryByText('电话 第1次 占线')).toBeNull());
    expect(saved().map(({ type: kind }) => kind)).toEqual(['alert_attempt', 'void']);
  });

  it('shows what a colleague did, under their name', async () => {
    const bob = server.members.get('bob') as Member;
    server.addAlert('a5', [ann.id, 'bob'], HE);
    const at = new Date(server.now).toISOString();
    const met = { type: 'alert_attempt', id: 'x1', at, skew_ms: 0, alert: 'a5' };
    server.push(bob, JSON.stringify([{ ...met, channel: 'door', result: 'met' }]));
    cleanup();
    await open('/alert/a5');
    const line = screen.getByText('上门 第1次 见到本人').closest('li') as HTMLElement;
    expect(line.textContent).toContain('老郑');
    expect(within(line).queryByRole('button', { name: '撤回' })).toBeNull();
  });

  it('lists family, hotline and police, each one tap away', () => {
    const help = screen.getByRole('region', { name: '能帮上忙的人' });
    expect(
      within(help)
        .getAllByRole('link')
        .map((link) => link.getAttribute('href')),
    ).toEqual(['tel:13800000007', 'tel:96110', 'tel:110']);
  });

  it('asks what the family said after calling them', async () => {
    tap('link', '打给陈先生');
    tap('radio', '联系上了', await screen.findByRole('region', { name: '家属怎么说' }));
    await waitFor(() =>
      expect(saved()).toMatchObject([{ channel: 'family', result: 'family_reached' }]),
    );
  });

  it('calls for help, and takes it back', async () => {
    tap('button', '更多');
    tap('button', /^叫人帮忙/, sheet());
    await waitFor(() => expect(saved()).toMatchObject([{ type: 'alert_join', action: 'help' }]));
    await waitFor(() => expect(words()).toContain('要人帮忙'));
  });

  it('lets nobody leave alone by one tap, and then the person is gone', async () => {
    tap('button', '更多');
    tap('button', /^我不办了/, sheet());
    expect(saved()).toEqual([]);
    tap('button', /^我不办了/, sheet());
    await waitFor(() => expect(saved()).toMatchObject([{ type: 'alert_join', action: 'off' }]));
    await waitFor(() => expect(phone.given.value.mine).toEqual([]));
    expect(address()).toBe('/alerts');
    expect(words()).not.toMatch(/何女士|1602/);
  });

  it('says that a minor needs the guardian, until one is known', async () => {
    server.addAlert('a3', [ann.id], { ...HE, minor: true });
    cleanup();
    await open('/alert/a3');
    expect(words()).toContain('未成年，请先联系监护人');
    tap('button', '记下监护人');
    tap('radio', '家属', sheet());
    tap('radio', '联系上了', sheet());
    const helper = within(sheet()).getByRole('group', { name: /^帮上忙的人/ });
    tap('button', '监护人', helper);
    type('怎么称呼', '丁先生');
    tap('button', '保存这次联系', sheet());
    await waitFor(() =>
      expect(saved()).toMatchObject([{ participant: { role: 'guardian', name: '丁先生' } }]),
    );
    await waitFor(() => expect(words()).not.toContain('请先联系监护人'));
  });
});

describe('the sheet of an attempt', () => {
  beforeEach(async () => {
    server.addAlert('a1', [ann.id], HE);
    await open('/alert/a1/attempt?channel=door');
  });

  it('is two taps: a result and save', async () => {
    tap('radio', '见到，在劝', sheet());
    tap('button', '保存这次上门', sheet());
    await waitFor(() => expect(saved()).toHaveLength(1));
    expect(saved()[0]).toMatchObject({ alert: 'a1', channel: 'door', result: 'met' });
    expect(Object.keys(saved()[0] ?? {}).sort()).toEqual(
      ['alert', 'at', 'channel', 'id', 'result', 'skew_ms', 'type'].sort(),
    );
  });

  it('asks where somebody went who is not at home, and counts that as nobody in', async () => {
    tap('radio', '人去了别处', sheet());
    tap('button', '单位', within(sheet()).getByRole('group', { name: /^去了哪里/ }));
    type('具体地点', '建材市场三号门');
    tap('button', '保存这次上门', sheet());
    await waitFor(() =>
      expect(saved()).toMatchObject([
        { result: 'no_answer', place: { kind: 'work', text: '建材市场三号门' } },
      ]),
    );
  });

  it('records what the person says, money, stop-payment and who went along', async () => {
    tap('radio', '见到，在劝', sheet());
    tap('button', '不承认转账', sheet());
    tap('button', '再做一单回本', sheet());
    type('备注', '女儿在场');
    type('可能要转多少', '7.8万');
    type('卡里还有多少', '150000');
    tap('checkbox', '本人银行已冻结', sheet());
    tap('button', '已申请', sheet());
    tap('button', '银行', within(sheet()).getByRole('group', { name: '找谁' }));
    type('哪家银行', '建设银行');
    tap('checkbox', '和别人分开谈的', sheet());
    tap('button', '保存这次上门', sheet());
    await waitFor(() => expect(saved()).toHaveLength(1));
    expect(saved()[0]).toMatchObject({
      reaction: ['denies', 'one_more_order'],
      note: '女儿在场',
      at_risk: 7_800_000,
      remaining: 15_000_000,
      frozen: true,
      stop_payment: { decision: 'requested', via: 'bank', bank: '建设银行' },
      separate: true,
    });
    const money = await screen.findByRole('region', { name: '钱和止付' });
    expect(money.textContent).toContain('150,000');
    expect(money.textContent).toContain('银行已冻结');
  });

  it.each([
    ['备注', '卡号 4111 1111 1111 1111'],
    ['备注', '身份证 11010519491231002X'],
    ['哪家银行', '4111-1111-1111-1111'],
  ])('refuses the number of a card in %s with a sentence', async (field, text) => {
    tap('radio', '见到，在劝', sheet());
    tap('button', '已申请', sheet());
    type(field, text);
    tap('button', '保存这次上门', sheet());
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(saved()).toEqual([]);
    expect(words()).toContain('像是银行卡号或身份证号');
    type(field, '尾号 1111');
    tap('button', '保存这次上门', sheet());
    await waitFor(() => expect(saved()).toHaveLength(1));
  });

  it('refuses an amount that is none', async () => {
    tap('radio', '见到，在劝', sheet());
    type('可能要转多少', '很多');
    tap('button', '保存这次上门', sheet());
    expect(words()).toContain('金额只填数字');
    expect(saved()).toEqual([]);
  });

  it('may be set back in time, never ahead', async () => {
    tap('radio', '没人应门', sheet());
    tap('button', '改时间', sheet());
    const input = screen.getByLabelText('发生的时间');
    fireEvent.input(input, { target: { value: '2026-11-22T10:30' } });
    tap('button', '保存这次上门', sheet());
    expect(words()).toContain('时间不能晚于现在');
    fireEvent.input(input, { target: { value: '2026-11-22T09:40' } });
    tap('button', '保存这次上门', sheet());
    await waitFor(() => expect(saved()).toHaveLength(1));
    expect(Date.parse(String(saved()[0]?.['at']))).toBe(Date.parse('2026-11-22T09:40:00+08:00'));
  });

  it('keeps what was filled in when it is closed by mistake, and holds an update back', async () => {
    const { unsavedForms } = await import('../../ui/typing');
    type('备注', '南门走近');
    expect(unsavedForms.value).toBe(1);
    tap('button', '关闭', sheet());
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    tap('button', '记一次联系');
    expect((screen.getByRole('textbox', { name: '备注' }) as HTMLTextAreaElement).value).toBe(
      '南门走近',
    );
  });
});

describe('the sheet of an outcome', () => {
  beforeEach(async () => {
    server.addAlert('a1', [ann.id], HE);
    await open('/alert/a1/close');
  });

  it('asks for the stop-payment before anything is closed', async () => {
    tap('radio', '劝阻成功', sheet());
    tap('button', /^办结/, sheet());
    expect(words()).toContain('请选一下止付');
    expect(saved()).toEqual([]);
    tap('button', '不需要', sheet());
    tap('button', /^办结/, sheet());
    await waitFor(() => expect(saved()).toHaveLength(1));
    expect(saved()[0]).toMatchObject({
      type: 'alert_outcome',
      outcome: 'dissuaded',
      stop_payment: { decision: 'not_needed' },
      risk: 'medium',
    });
    expect(address()).toBe('/alerts');
  });

  it('keeps amounts apart, with their grade, and proposes a day to ask again', async () => {
    tap('radio', '劝阻成功', sheet());
    type('保住多少钱', '78000');
    tap('button', '银行确认', sheet());
    tap('button', '已申请', sheet());
    type('止付多少钱', '3.2万');
    tap('button', '高', sheet());
    tap('button', '办结，明天 周一回访', sheet());
    await waitFor(() => expect(saved()).toHaveLength(1));
    expect(saved()[0]).toMatchObject({
      avoided: 7_800_000,
      stopped: 3_200_000,
      grade: 'bank',
      risk: 'high',
    });
    expect(saved()[0]).not.toHaveProperty('lost');
  });

  it('of money that is gone asks what was lost and what came back', async () => {
    tap('radio', '已转账', sheet());
    type('损失多少钱', '3200');
    type('追回多少钱', '0');
    tap('button', '不愿意', sheet());
    tap('checkbox', '帮着破了案', sheet());
    tap('button', /^办结/, sheet());
    await waitFor(() =>
      expect(saved()).toMatchObject([
        { outcome: 'already_paid', lost: 320_000, recovered: 0, case: true },
      ]),
    );
  });

  it('leaves what is not ours open until a coordinator has it signed', async () => {
    tap('radio', '非本社区', sheet());
    expect(words()).toContain('时钟接着走');
    tap('button', '不需要', sheet());
    tap('button', '先记下', sheet());
    await waitFor(() => expect(saved()).toMatchObject([{ outcome: 'not_ours' }]));
    expect(saved()[0]).not.toHaveProperty('signed');
    expect(phone.given.value.mine).toHaveLength(1);
    await waitFor(() => expect(screen.getByRole('button', { name: '办结' })).toBeTruthy());
  });

  it('of a duplicate asks nothing else', async () => {
    tap('button', '别的结果', sheet());
    tap('radio', '重复预警', sheet());
    tap('button', '办结', sheet());
    await waitFor(() => expect(saved()).toMatchObject([{ outcome: 'duplicate' }]));
  });

  it('says that a denial closes nothing', () => {
    expect(sheet().textContent).toContain('本人不承认不算办结');
  });
});

describe('after closing', () => {
  it('the alert is under closed at once, and the person leaves with the next sync', async () => {
    server.addAlert('a1', [ann.id], HE);
    await open('/alert/a1/close');
    tap('radio', '劝阻成功', sheet());
    tap('button', '不需要', sheet());
    tap('button', /^办结/, sheet());
    await waitFor(() => expect(address()).toBe('/alerts'));
    expect(words()).not.toContain('何女士');
    tap('tab', /^已办结/);
    expect(screen.getByRole('link', { name: /劝阻成功/ })).toBeTruthy();
    await phone.sync();
    expect(phone.given.value.mine).toEqual([]);
    await waitFor(() => expect(screen.getByRole('link', { name: /劝阻成功/ })).toBeTruthy());
  });
});

describe('a follow-up', () => {
  const due: MyFollowUpRow = {
    kind: 'my_follow_up',
    id: 'f1',
    alert: 'a9',
    number: 9,
    due_on: '2026-11-22',
    step: 1,
    risk: 'high',
    scam_type: 'task',
    outcome: 'dissuaded',
    place: '3号楼',
    opened: true,
    ...(HE as unknown as Partial<MyFollowUpRow>),
  };

  it('stands in the list, and with the person on its day', async () => {
    server.addFollowUp(ann.id, due);
    await open('/alerts');
    tap('tab', /^我的/);
    tap('link', /何女士/);
    const { go } = await import('../../ui/router');
    go('/follow-up/f1');
    await waitFor(() => expect(words()).toContain('今天该回访'));
    expect(words()).toContain('何女士 58岁');
  });

  it('before its day says nothing of the person', async () => {
    const { resident_name: _n, room: _r, ...rest } = due;
    server.addFollowUp(ann.id, { ...rest, due_on: '2026-11-25', opened: false });
    await open('/follow-up/f1');
    expect(words()).toContain('到那天早上才给居民资料');
    expect(screen.queryByRole('button', { name: '记这次回访' })).toBeNull();
  });

  it('re-assesses the risk and leaves the list', async () => {
    server.addFollowUp(ann.id, due);
    await open('/follow-up/f1/record');
    tap('radio', '问到了', sheet());
    tap('button', '低', sheet());
    tap('button', '保存', sheet());
    await waitFor(() => expect(saved()).toHaveLength(1));
    expect(saved()[0]).toMatchObject({
      type: 'follow_up',
      alert: 'a9',
      follow_up: 'f1',
      how: 'call',
      reached: true,
      risk: 'low',
    });
    await waitFor(() => expect(address()).toBe('/alerts'));
    tap('tab', /^我的/);
    await waitFor(() => expect(words()).not.toContain('何女士'));
  });

  it('that finds somebody cheated again opens the alert', async () => {
    server.addFollowUp(ann.id, due);
    await open('/follow-up/f1/record');
    tap('radio', '问到了', sheet());
    tap('checkbox', /^又被骗了/, sheet());
    tap('button', '保存，重新打开预警', sheet());
    await waitFor(() => expect(saved()).toMatchObject([{ again: true, reached: true }]));
  });
});
