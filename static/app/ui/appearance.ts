import { effect } from '@preact/signals';
import { state } from '../core/field';
import { language, locale } from '../i18n';

const PAPER = { light: '#f5f1e8', dark: '#121512' };
const systemDark = matchMedia('(prefers-color-scheme: dark)');

function speak(): void {
  const own = navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
  language.value = state.preferences.value.language ?? own;
}

function paint(): void {
  const { theme, largeText } = state.preferences.value;
  const dark = theme === 'dark' || (theme === 'system' && systemDark.matches);
  const root = document.documentElement;
  root.dataset.theme = dark ? 'dark' : 'light';
  root.dataset.text = largeText ? 'large' : 'normal';
  root.lang = locale.value;
  const bar = document.querySelector('meta[name="theme-color"]');
  bar?.setAttribute('content', dark ? PAPER.dark : PAPER.light);
}

/** Keeps language, colours and text size in step with the preferences. Call once. */
export function startAppearance(): void {
  effect(speak);
  effect(paint);
  systemDark.addEventListener('change', paint);
}
