import { effect } from '@preact/signals';
import { state } from '../core/field';
import { type Language, locale, speak } from '../i18n';

const PAPER = { light: '#f5f1e8', dark: '#121512' };
const systemDark = matchMedia('(prefers-color-scheme: dark)');

/** The language that was chosen, else that of the phone. */
function wanted(): Language {
  const own = navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
  return state.preferences.value.language ?? own;
}

// Without the file (first visit, no network) Chinese stays on screen.
function follow(): void {
  speak(wanted()).catch(() => undefined);
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
  effect(follow);
  effect(paint);
  systemDark.addEventListener('change', paint);
}

/** Resolves when the words of the chosen language are there, or cannot be had. */
export async function appearanceReady(): Promise<void> {
  await speak(wanted()).catch(() => undefined);
}
