import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openPhone, type Phone } from '../../testing/phone';
import { Server } from '../../testing/server';

let phone: Phone;
let round = 0;
const closed = vi.fn();

/** The sheet of whatever door the address names, over a phone with six doors in one stairwell. */
beforeEach(async () => {
  round += 1;
  closed.mockReset();
  const server = new Server();
  server.addCommunity();
  server.addBuilding('b1', 1, 3, 2);
  phone = await openPhone(server, server.addMember(`sheet-${round}`, 'Ann', ['b1']));
  await phone.sync();
  await phone.view('b1');
  const { doors, actions, desk } = phone;
  // The modules that this phone uses, not those of another test's.
  const field = await import('../../core/field');
  field.installActions({
    building: (id: string) => doors.building(desk, id),
    doorHistory: (b: string, h: string) => doors.doorHistory(desk, b, h),
    nextDoor: doors.nextDoor,
    neighbour: doors.neighbour,
    ...actions,
    day: () => '2026-11-22',
  } as unknown as Parameters<typeof field.installActions>[0]);
  const { go, match, path } = await import('../../ui/router');
  const { LogSheet } = await import('./LogSheet');
  const { loadTheRest } = await import('../../ui/lazy');
  await loadTheRest(async () => {});
  go('/building/b1/door/b1-1-301', { replace: true });
  function Over() {
    const view = doors.building(desk, 'b1').value;
    const at = match('/building/:id/door/:door', path.value);
    return view && at ? <LogSheet view={view} household={at.door ?? ''} onClose={closed} /> : null;
  }
  render(<Over />);
});

afterEach(cleanup);

const heading = (): string | null => screen.getByRole('heading', { level: 2 }).textContent;
const tap = (role: string, name: string | RegExp): boolean =>
  fireEvent.click(screen.getByRole(role, { name }));
const saved = () => [...phone.desk.operations.values()].map(({ text }) => JSON.parse(text));

describe('logging a door', () => {
  it('takes two taps and leads on to the next door', async () => {
    expect(heading()).toBe('301');
    tap('radio', '已宣传');
    tap('button', '保存，下一户 302');
    await waitFor(() => expect(heading()).toBe('302'));
    expect(saved()).toMatchObject([
      { type: 'visit', household: 'b1-1-301', outcome: 'informed', leaflets: { general: 1 } },
    ]);
    expect(screen.getByText('301 已记好')).toBeTruthy();
  });

  it('writes nothing down before an outcome is chosen', () => {
    tap('button', '先选一个结果');
    expect(saved()).toEqual([]);
    expect(heading()).toBe('301');
  });

  it('writes care flags down only with consent', async () => {
    tap('radio', '已宣传');
    tap('button', '独居老人');
    tap('button', /^保存/);
    await waitFor(() => expect(heading()).toBe('302'));
    tap('radio', '已宣传');
    tap('button', '独居老人');
    tap('checkbox', /居民同意记下/);
    tap('button', /^保存/);
    await waitFor(() => expect(saved()).toHaveLength(2));
    expect(saved()[0]).not.toHaveProperty('flags');
    expect(saved()[1]).toMatchObject({ flags: ['lives_alone'], agreed: true });
  });

  it('asks for neither app nor date at a vacant home', () => {
    tap('radio', '空置');
    expect(screen.getByRole('radio', { name: '帮他装好' })).toHaveProperty('disabled', true);
    expect(screen.getByRole('button', { name: '3天后' })).toHaveProperty('disabled', true);
  });

  it('warns of a phone number in the note and still saves', async () => {
    tap('radio', '已宣传');
    fireEvent.input(screen.getByRole('textbox', { name: '备注' }), {
      target: { value: '电话 138 0013 8000' },
    });
    expect(screen.getByRole('alert').textContent).toBe('像是手机号，请删掉');
    tap('button', /^保存/);
    await waitFor(() => expect(saved()).toHaveLength(1));
  });

  it('does not save a note that is too long', () => {
    tap('radio', '已宣传');
    fireEvent.input(screen.getByRole('textbox', { name: '备注' }), {
      target: { value: '长'.repeat(501) },
    });
    tap('button', /^保存/);
    expect(saved()).toEqual([]);
  });
});

describe('changing one’s mind', () => {
  it('takes a save back and returns to its door', async () => {
    tap('radio', '无人应门');
    tap('button', /^保存/);
    await waitFor(() => expect(heading()).toBe('302'));
    tap('button', '撤销');
    await waitFor(() => expect(heading()).toBe('301'));
    await waitFor(() => expect(saved().map(({ type }) => type)).toEqual(['visit', 'void']));
  });

  it('keeps what was chosen when one looks at the next door first, and says so', async () => {
    tap('radio', '拒绝');
    tap('button', '下一户');
    expect(heading()).toBe('302');
    expect(screen.getByRole('radio', { name: '拒绝' }).getAttribute('aria-checked')).toBe('false');
    expect(screen.getByText('301 还没保存')).toBeTruthy();
    tap('button', '回去');
    expect(heading()).toBe('301');
    expect(screen.getByRole('radio', { name: '拒绝' }).getAttribute('aria-checked')).toBe('true');
  });

  it('holds the update of the app back while something is not saved', async () => {
    const { unsavedForms } = await import('../../ui/typing');
    tap('radio', '拒绝');
    expect(unsavedForms.value).toBe(1);
    tap('radio', '拒绝');
    expect(unsavedForms.value).toBe(0);
  });

  it('corrects an earlier entry by voiding it and writing another', async () => {
    tap('radio', '无人应门');
    tap('button', /^保存/);
    await waitFor(() => expect(heading()).toBe('302'));
    tap('button', '上一户');
    tap('button', /这户的记录/);
    tap('button', '改这一条');
    expect(screen.getByRole('radio', { name: '无人应门' }).getAttribute('aria-checked')).toBe(
      'true',
    );
    tap('radio', '已宣传');
    tap('button', '保存改动');
    await waitFor(() => expect(saved()).toHaveLength(3));
    expect(saved().map(({ type, outcome }) => outcome ?? type)).toEqual(
      expect.arrayContaining(['no_answer', 'void', 'informed']),
    );
    expect((await phone.door('b1', 'b1-1-301')).state).toMatchObject({
      knocks: 1,
      contact: 'informed',
    });
  });
});

describe('the sheet as a dialog', () => {
  it('closes on Escape', () => {
    fireEvent.keyDown(document, { key: 'Escape' });
    expect(closed).toHaveBeenCalledTimes(1);
  });

  it('is named after its door', () => {
    expect(screen.getByRole('dialog', { name: '301' })).toBeTruthy();
  });

  it('closes when the last door is done', async () => {
    for (let n = 0; n < 6; n += 1) {
      tap('radio', '已宣传');
      tap('button', /^保存/);
      await waitFor(() => expect(saved()).toHaveLength(n + 1));
      await waitFor(() =>
        expect(screen.getByRole('radio', { name: '已宣传' }).getAttribute('aria-checked')).toBe(
          'false',
        ),
      );
    }
    await waitFor(() => expect(closed).toHaveBeenCalled());
  });
});
