import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { DEFAULT_PREFERENCES, type FieldActions, installActions, state } from '../../core/field';
import type { Remark, Session } from '../../core/types';
import { PhoneNotices } from '../accounts/PhoneNotices';
import { Outbox } from './Outbox';

const NOON = Date.parse('2026-11-22T12:00:00+08:00');

const member = (to: 'member' | 'revoked'): Session => ({
  state: to,
  member: { id: 'm', role: 'volunteer', lead: false, deputy: false },
  person: { id: 1, name: '张敏' },
  community: { id: 1, name: '紫荆园社区' },
  device: { id: 'd', name: 'Phone' },
  login: 'ann',
});

const remark = (more: Partial<Remark> = {}): Remark => ({
  id: 'r1',
  kind: 'dismissed',
  code: null,
  moment: NOON,
  buildingName: '3号楼',
  door: { building: 'b3', household: 'h', unit: '2', floor: 14, room: '1403' },
  outcome: 'informed',
  alert: false,
  ...more,
});

const actions = {
  day: vi.fn(() => '2026-11-22'),
  refreshStorageInfo: vi.fn(async () => {}),
  syncNow: vi.fn(async () => {}),
  forgetRemark: vi.fn(async (_id: string) => {}),
  countLog: vi.fn(async () => 124),
  saveRescue: vi.fn<FieldActions['saveRescue']>(async () => ({
    kind: 'saved',
    count: 2,
    name: 'qiaomen-2026-11-22.qiaomen',
    shared: false,
  })),
};

const sync = (unsent: number): void => {
  state.sync.value = { ...state.sync.value, online: true, syncing: false, unsent, error: null };
};

beforeEach(() => {
  installActions(actions as unknown as FieldActions);
  state.preferences.value = DEFAULT_PREFERENCES;
  state.session.value = member('member');
  state.today.value = { ...state.today.value, day: '2026-11-22', doors: 12 };
  state.receipt.value = null;
  state.remarks.value = [];
  state.outbox.value = [];
  state.notice.value = null;
  sync(0);
});
afterEach(cleanup);

const card = () => within(screen.getByRole('region', { name: '收工看一眼' }));

describe('the end of the shift', () => {
  it('says what was done, what is unsent, and that the server has all, with the time', () => {
    state.receipt.value = { count: 124, at: NOON, all: true, different: 0 };
    render(<Outbox />);
    for (const words of ['今天敲了 12 户', '0 条没上传', '服务器已收到全部 124 条', /^12:00/]) {
      card().getByText(words);
    }
  });

  it('does not say "all" while something is unsent', () => {
    state.receipt.value = { count: 122, at: NOON, all: false, different: 0 };
    sync(2);
    render(<Outbox />);
    expect(card().queryByText(/全部/)).toBeNull();
    card().getByText('2 条没上传');
    card().getByText(/那时服务器有 122 条/);
  });

  it('says what differs, and what was never compared', () => {
    render(<Outbox />);
    card().getByText('联网后和服务器逐条核对');
    cleanup();
    state.receipt.value = { count: 122, at: NOON, all: false, different: 3 };
    render(<Outbox />);
    card().getByText('3 条和服务器上的不一样，正在重传');
  });
});

describe('remarks', () => {
  it('explain what was set aside at the desk, and go when they are read', () => {
    state.remarks.value = [remark()];
    render(<Outbox />);
    screen.getByText('3-2-1403 已宣传');
    screen.getByText(/社区干部退回了这条/);
    fireEvent.click(screen.getByRole('button', { name: '知道了' }));
    expect(actions.forgetRemark).toHaveBeenCalledWith('r1');
  });

  it('lead to the door where a note has to be mended', () => {
    state.remarks.value = [remark({ kind: 'warning', code: 'personal_number' })];
    render(<Outbox />);
    screen.getByText(/备注里像有证件号/);
    fireEvent.click(screen.getByRole('button', { name: '去改' }));
    expect(location.pathname).toBe('/app/building/b3/door/h');
  });
});

describe('the backup', () => {
  it('asks which entries, and says what it saved', async () => {
    sync(2);
    render(<Outbox />);
    fireEvent.click(screen.getByRole('button', { name: '存一份备份' }));
    const sheet = within(await screen.findByRole('dialog'));
    await sheet.findByText('手机里全部 124 条');
    fireEvent.click(sheet.getByRole('button', { name: '存成文件' }));
    await sheet.findByText('qiaomen-2026-11-22.qiaomen');
    expect(actions.saveRescue).toHaveBeenLastCalledWith('unsent');
    fireEvent.click(sheet.getByRole('radio', { name: '手机里全部 124 条' }));
    fireEvent.click(sheet.getByRole('button', { name: '存成文件' }));
    await waitFor(() => expect(actions.saveRescue).toHaveBeenLastCalledWith('all'));
  });

  it('says why there is none', async () => {
    sync(1);
    actions.saveRescue.mockResolvedValueOnce({ kind: 'failed', code: 'no_key' });
    render(<Outbox />);
    fireEvent.click(screen.getByRole('button', { name: '存一份备份' }));
    const sheet = within(await screen.findByRole('dialog'));
    fireEvent.click(sheet.getByRole('button', { name: '存成文件' }));
    await sheet.findByText('还没和服务器同步过，暂时存不了');
    actions.saveRescue.mockRejectedValueOnce(new Error('no crypto'));
    fireEvent.click(sheet.getByRole('button', { name: '存成文件' }));
    await sheet.findByText('没存成，请再试一次');
  });
});

describe('a phone that was shut out', () => {
  it('shows how much is locked, a way to save it, and nothing else', () => {
    state.session.value = member('revoked');
    state.remarks.value = [remark()];
    sync(3);
    render(<Outbox />);
    screen.getByText('3 条都在手机里');
    screen.getByText(/这台手机已停用/);
    screen.getByRole('button', { name: '存一份备份' });
    expect(screen.queryByText(/1403/)).toBeNull();
    expect(screen.queryByRole('region', { name: '收工看一眼' })).toBeNull();
    expect(screen.queryByRole('navigation')).toBeNull();
    expect(screen.queryByRole('button', { name: '返回' })).toBeNull();
  });
});

describe('what happened to the phone’s data', () => {
  it('is said once: cleared by the system, and since when something may be missing', () => {
    state.notice.value = { kind: 'wiped', lastSyncAt: NOON };
    render(<PhoneNotices />);
    const alert = screen.getByRole('alert');
    expect(alert.textContent).toContain('手机系统清掉了本机资料');
    expect(alert.textContent).toContain('11月22日 12:00 以后记的可能没了');
    fireEvent.click(screen.getByRole('button', { name: '知道了' }));
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('is said for a phone that handed its work over, or was never asked for it', () => {
    state.notice.value = { kind: 'handed_over', count: 7 };
    render(<PhoneNotices />);
    screen.getByText(/您记的 7 条都交给社区了/);
    cleanup();
    state.notice.value = { kind: 'expired' };
    render(<PhoneNotices />);
    screen.getByText(/停用满 30 天/);
  });

  it('is said before there is no room left', () => {
    state.storage.value = { ...state.storage.value, low: true };
    render(<PhoneNotices />);
    screen.getByText('手机快存满了');
    state.storage.value = { ...state.storage.value, low: false };
  });
});
