import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { afterEach, expect, it, vi } from 'vitest';
import { installActions, state } from '../../core/field';
import { SignOutSheet } from './SignOutSheet';

const signOut = vi.fn();
const syncNow = vi.fn();

afterEach(cleanup);

function open(unsent: number, online = true): void {
  signOut.mockReset().mockResolvedValue({ kind: 'done' });
  syncNow.mockReset().mockImplementation(async () => {
    state.sync.value = { ...state.sync.value, unsent: 0 };
  });
  installActions({ signOut, syncNow } as unknown as Parameters<typeof installActions>[0]);
  state.sync.value = { ...state.sync.value, unsent, online };
  render(<SignOutSheet onClose={() => {}} />);
}

const tap = (name: string): boolean => fireEvent.click(screen.getByRole('button', { name }));

it('signs out at once when nothing is unsent', () => {
  open(0);
  tap('退出登录');
  expect(signOut).toHaveBeenCalledWith('safe');
});

it('refuses to leave unsent work behind without an explicit choice', () => {
  open(3);
  expect(screen.getByText('还有 3 条没上传')).toBeTruthy();
  tap('退出登录');
  expect(signOut).not.toHaveBeenCalled();
  fireEvent.click(screen.getByRole('checkbox'));
  tap('退出登录');
  expect(signOut).toHaveBeenCalledWith('keep');
});

it('offers to send first and leaves then', async () => {
  open(3);
  tap('先上传');
  await waitFor(() => expect(screen.queryByText('还有 3 条没上传')).toBeNull());
  tap('退出登录');
  expect(signOut).toHaveBeenCalledWith('safe');
});

it('does not pretend to send without a network', () => {
  open(3, false);
  tap('等网络');
  expect(syncNow).not.toHaveBeenCalled();
});

it('shows what was found unsent only when leaving', async () => {
  open(0);
  signOut.mockResolvedValue({ kind: 'refused', unsent: 2 });
  tap('退出登录');
  await waitFor(() => expect(screen.getByText('还有 2 条没上传')).toBeTruthy());
});
