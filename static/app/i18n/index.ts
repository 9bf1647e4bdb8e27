import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { type Messages, zh } from './zh';

export type Language = 'zh' | 'en';
export type { Messages };

/** The language on screen; setting it redraws everything that reads `text`. */
export const language = signal<Language>('zh');

const english = signal<Messages | null>(null);

/** The catalogue of the language on screen: `text.value.today.title`. */
export const text = computed(() => (language.value === 'en' && english.value) || zh);

/** BCP 47 tag for `lang` attributes and `Intl`: that of the words which stand there. */
export const locale = computed(() => (text.value === zh ? 'zh-Hans' : 'en-GB'));

/**
 * Fetches the words of a language and shows it. Chinese is always there; English is a file of its
 * own, kept by the service worker, so that most phones do not load what they never show.
 */
export async function speak(wanted: Language): Promise<void> {
  language.value = wanted;
  if (wanted === 'en' && !english.value) english.value = (await import('./en')).en;
}

/**
 * The words of a part of the app that is loaded when it is needed; they travel with it, in both
 * languages: `words.value.join.title`. Their files are `texts.zh.ts` and `texts.en.ts` beside it.
 */
export function catalogue<T>(chinese: T, english: T): ReadonlySignal<T> {
  return computed(() => (text.value === zh ? chinese : english));
}
