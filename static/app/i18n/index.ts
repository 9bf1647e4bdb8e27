import { computed, signal } from '@preact/signals';
import { en } from './en';
import { type Messages, zh } from './zh';

export type Language = 'zh' | 'en';
export type { Messages };

const CATALOGUES: Record<Language, Messages> = { zh, en };

/** The language on screen; setting it redraws everything that reads `text`. */
export const language = signal<Language>('zh');

/** The catalogue of the language on screen: `text.value.today.title`. */
export const text = computed(() => CATALOGUES[language.value]);

/** BCP 47 tag for `lang` attributes and `Intl`. */
export const locale = computed(() => (language.value === 'zh' ? 'zh-Hans' : 'en-GB'));
