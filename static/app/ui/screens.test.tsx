import { cleanup, render, screen } from '@testing-library/preact';
import { afterEach, describe, expect, it } from 'vitest';
import { Parts, registerPart } from './parts';
import { registeredTabs, registerScreen, screenAt } from './screens';

const First = () => <p>First</p>;
const Alert = ({ id, over }: { id: string; over?: string }) => (
  <p>{`Alert ${id} ${over ?? '-'}`}</p>
);

let count = 0;
registerScreen({ path: '/', screen: First, tab: { icon: 'door', label: () => 'Visits' } });
registerScreen({ path: '/alert/:id/:over?', load: async () => Alert });
registerScreen({
  path: '/alerts',
  screen: First,
  tab: { icon: 'warn', label: () => 'Alerts', badge: () => count },
});

afterEach(cleanup);

describe('screens', () => {
  it('are found by their address, with its parts as properties', async () => {
    render(screenAt('/alert/a1')!);
    expect(await screen.findByText('Alert a1 -')).toBeTruthy();
    cleanup();
    render(screenAt('/alert/a1/close')!);
    expect(await screen.findByText('Alert a1 close')).toBeTruthy();
  });

  it('are null for an address that nobody registered', () => {
    expect(screenAt('/nowhere')).toBeNull();
    expect(screenAt('/alert/a1/close/now')).toBeNull();
  });
});

it('tabs stand in the order of registration, with what they count now', () => {
  count = 2;
  expect(registeredTabs()).toEqual([
    { to: '/', icon: 'door', label: 'Visits', badge: 0 },
    { to: '/alerts', icon: 'warn', label: 'Alerts', badge: 2 },
  ]);
});

it('parts stand where they were registered for', () => {
  registerPart('today', () => <p>A card</p>);
  registerPart('me', () => <p>A row</p>);
  render(<Parts of="today" />);
  expect(screen.getByText('A card')).toBeTruthy();
  expect(screen.queryByText('A row')).toBeNull();
});
