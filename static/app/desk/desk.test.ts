import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { display } from './display';
import { forms } from './forms';
import { menus } from './menus';

const root = document.documentElement;

function press(selector: string): void {
  document.querySelector<HTMLElement>(selector)?.click();
}

function element<T extends HTMLElement>(selector: string): T {
  const found = document.querySelector<T>(selector);
  if (found === null) throw new Error(`no ${selector}`);
  return found;
}

beforeAll(() => {
  display();
  menus();
  forms();
});

afterEach(() => {
  document.body.innerHTML = '';
});

describe('display settings', () => {
  beforeEach(() => {
    document.body.innerHTML = `<div>
      <button data-cookie="qm_theme" data-value="light">light</button>
      <button data-cookie="qm_theme" data-value="dark">dark</button></div>
      <div><button data-cookie="qm_text" data-value="large">large</button></div>`;
  });

  it('takes effect at once and is kept for the server', () => {
    press('[data-value="dark"]');
    expect(root.dataset['theme']).toBe('dark');
    expect(document.cookie).toContain('qm_theme=dark');
    press('[data-value="large"]');
    expect(root.dataset['text']).toBe('large');
  });

  it('says which choice holds', () => {
    press('[data-value="dark"]');
    expect(element('[data-value="dark"]').getAttribute('aria-pressed')).toBe('true');
    expect(element('[data-value="light"]').getAttribute('aria-pressed')).toBe('false');
  });

  it('tells canvases, which follow no style sheet', () => {
    const heard = vi.fn();
    document.addEventListener('displaychange', heard, { once: true });
    press('[data-value="light"]');
    expect(heard).toHaveBeenCalledOnce();
  });
});

describe('menus', () => {
  beforeEach(() => {
    document.body.innerHTML = `<details data-menu open><summary>menu</summary><p>inside</p></details>
      <button id="outside">outside</button>
      <a href="#folded" data-open="folded">show</a><details id="folded"><summary>x</summary></details>`;
  });

  it('close when somebody presses elsewhere, not inside', () => {
    press('p');
    expect(element<HTMLDetailsElement>('[data-menu]').open).toBe(true);
    press('#outside');
    expect(element<HTMLDetailsElement>('[data-menu]').open).toBe(false);
  });

  it('close on Escape and give the focus back', () => {
    document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
    expect(element<HTMLDetailsElement>('[data-menu]').open).toBe(false);
    expect(document.activeElement?.textContent).toBe('menu');
  });

  it('a link to something folded unfolds it', () => {
    press('[data-open]');
    expect(element<HTMLDetailsElement>('#folded').open).toBe(true);
  });
});

describe('forms', () => {
  beforeEach(() => {
    document.body.innerHTML = `<form method="post">
      <input type="checkbox" data-all="building">
      <input type="checkbox" name="building" value="a"><input type="checkbox" name="building" value="b">
      <input type="checkbox" name="member" value="m"><span data-count="building">0</span></form>`;
  });

  it('count what is chosen', () => {
    press('[value="a"]');
    press('[value="m"]');
    expect(element('[data-count]').textContent).toBe('1');
  });

  it('choose a whole page at once', () => {
    press('[data-all]');
    expect(element('[data-count]').textContent).toBe('2');
    press('[data-all]');
    expect(element('[data-count]').textContent).toBe('0');
  });

  it('are sent once, however often somebody presses', () => {
    const form = element<HTMLFormElement>('form');
    const send = () => form.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
    expect(send()).toBe(true);
    expect(send()).toBe(false);
  });

  it('leave empty fields out of an address', () => {
    document.body.innerHTML =
      '<form method="get"><input name="q"><input name="p" value="1"></form>';
    element('form').dispatchEvent(new Event('submit', { bubbles: true }));
    expect(element<HTMLInputElement>('[name="q"]').disabled).toBe(true);
    expect(element<HTMLInputElement>('[name="p"]').disabled).toBe(false);
  });
});
