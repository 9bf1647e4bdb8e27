import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openPhone, type Phone } from '../../testing/phone';
import { Server } from '../../testing/server';

let phone: Phone;
let round = 0;
let address: () => string;

/** A building with two stairwells of three floors and two doors, opened in the app. */
beforeEach(async () => {
  round += 1;
  const server = new Server();
  server.addCommunity();
  server.addBuilding('b1', 2, 3, 2);
  phone = await openPhone(server, server.addMember(`grid-${round}`, 'Ann', ['b1']));
  await phone.sync();
  await phone.view('b1');
  const { doors, actions, desk } = phone;
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
  const { Building } = await import('./Building');
  const { loadTheRest } = await import('../../ui/lazy');
  await loadTheRest(async () => {});
  go('/building/b1', { replace: true });
  address = () => path.value;
  function Over() {
    const door = match('/building/:id/door/:door', path.value)?.door;
    const add = path.value.endsWith('/add');
    return <Building id="b1" over={add ? 'add' : door ? { door } : null} />;
  }
  render(<Over />);
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const tap = (role: string, name: string | RegExp): boolean =>
  fireEvent.click(screen.getByRole(role, { name }));
const saved = () => [...phone.desk.operations.values()].map(({ text }) => JSON.parse(text));
const doorsShown = (): (string | null)[] =>
  screen.getAllByRole('button', { name: /^\d{3} / }).map((cell) => cell.textContent);

describe('the grid', () => {
  it('shows one stairwell, the top floor first', () => {
    expect(doorsShown()).toEqual(['301', '302', '201', '202', '101', '102']);
  });

  it('says the next door aloud and proposes it at the bottom', () => {
    expect(screen.getByRole('button', { name: '301 未访，下一户' })).toBeTruthy();
    tap('button', '记一户 301');
    expect(screen.getByRole('dialog', { name: '301' })).toBeTruthy();
  });

  it('changes stairwell by a tab and keeps it in the address', () => {
    tap('tab', /2单元/);
    expect(screen.getByRole('tab', { name: /2单元/ }).getAttribute('aria-selected')).toBe('true');
    expect(location.search).toBe('?unit=2');
  });

  it('opens the door that is tapped', () => {
    tap('button', /^202 /);
    expect(address()).toBe('/building/b1/door/b1-1-202');
  });

  it('filters by a state and shows all again', () => {
    const grid = (): string | undefined => document.querySelector<HTMLElement>('.grid')?.dataset.f;
    const legend = within(screen.getByRole('region', { name: /^各种户数/ }));
    const untouched = legend.getByRole('button', { name: /未访/ });
    fireEvent.click(untouched);
    expect(grid()).toBe('untouched');
    expect(untouched.getAttribute('aria-pressed')).toBe('true');
    fireEvent.click(untouched);
    expect(grid()).toBeUndefined();
  });
});

describe('nobody home on a floor', () => {
  it('is one gesture with the number of doors, and can be taken back', async () => {
    tap('button', '3 层，整层无人');
    const sheet = screen.getByRole('dialog');
    expect(within(sheet).getByText(/301 +302/)).toBeTruthy();
    tap('button', '记 2 户无人');
    await waitFor(() => expect(saved()).toHaveLength(2));
    expect(saved()).toMatchObject([{ outcome: 'no_answer' }, { outcome: 'no_answer' }]);
    expect(await screen.findByText('记下 2 户无人')).toBeTruthy();
    tap('button', '撤销');
    await waitFor(() =>
      expect(saved().map(({ type }) => type)).toEqual(['visit', 'visit', 'void', 'void']),
    );
  });

  it('leaves out doors that were visited today', async () => {
    await phone.actions.record('b1', { household: 'b1-1-301', outcome: 'informed' });
    tap('button', '3 层，整层无人');
    expect(screen.getByRole('button', { name: '记 1 户无人' })).toBeTruthy();
  });

  it('promises only the doors that it will record: who was informed days ago is left in peace', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3 * 86_400_000 });
    await phone.actions.record('b1', { household: 'b1-1-301', outcome: 'informed' });
    vi.useRealTimers();
    await phone.sync();
    tap('button', '3 层，整层无人');
    tap('button', '记 1 户无人');
    await waitFor(() => expect(saved()).toHaveLength(1));
    expect(await screen.findByText('记下 1 户无人')).toBeTruthy();
  });

  it('is reached by a long press on a door too, without opening the door', () => {
    vi.useFakeTimers();
    const cell = screen.getByRole('button', { name: /^202 / });
    fireEvent.pointerDown(cell);
    vi.advanceTimersByTime(600);
    fireEvent.pointerUp(cell);
    fireEvent.click(cell);
    expect(address()).toBe('/building/b1');
  });
});

describe('adding a door', () => {
  const room = (value: string): boolean =>
    fireEvent.input(screen.getByRole('textbox', { name: '房号' }), { target: { value } });

  beforeEach(() => void tap('button', '加一户'));

  it('leads to the door that exists, however it is written', () => {
    room('０３０１');
    tap('button', '打开这户');
    expect(address()).toBe('/building/b1/door/b1-1-301');
  });

  it('asks for a second look above the roof', async () => {
    room('405');
    expect(screen.getByRole('alert').textContent).toContain('只有 3 层');
    tap('button', '加上，记这户');
    expect(saved()).toEqual([]);
    tap('checkbox', '我看过了，就是这户');
    tap('button', '加上，记这户');
    await waitFor(() =>
      expect(saved()).toMatchObject([
        { type: 'household_add', building: 'b1', unit: '1', floor: 4, room: '405' },
      ]),
    );
  });

  it('goes on with the new door', async () => {
    room('303');
    tap('button', '加上，记这户');
    await waitFor(() => expect(screen.getByRole('dialog', { name: '303' })).toBeTruthy());
  });

  it('wants a room', () => {
    tap('button', '加上，记这户');
    expect(screen.getByRole('alert').textContent).toBe('请填房号');
    expect(saved()).toEqual([]);
  });
});

describe('a door with an alert that I work', () => {
  it('is marked over its state, by its id or by where it is', async () => {
    const { state } = await import('../../core/field');
    const marked = (): (string | undefined)[] =>
      [...document.querySelectorAll<HTMLElement>('.hh[data-alert]')].map((cell) => cell.dataset.id);
    expect(marked()).toEqual([]);
    state.alertDoors.value = new Set(['b1-1-301', 'b1 1\n202', 'b2 1\n101']);
    await waitFor(() => expect(marked()).toEqual(['b1-1-301', 'b1-1-202']));
    expect(screen.getByRole('button', { name: '202 未访，预警' })).toBeTruthy();
    state.alertDoors.value = new Set();
    await waitFor(() => expect(marked()).toEqual([]));
  });
});
