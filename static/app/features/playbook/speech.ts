/** Reading aloud, where the browser has a voice for the language. */
import { signal } from '@preact/signals';

type Lang = 'zh-Hans' | 'en';

/** What is being read now: the card's id. */
export const speaking = signal<string | null>(null);
const voices = signal<readonly SpeechSynthesisVoice[]>([]);

const synthesis = (): SpeechSynthesis | undefined => globalThis.speechSynthesis;

function learnVoices(): void {
  voices.value = synthesis()?.getVoices() ?? [];
}

learnVoices();
// Some browsers know their voices a moment later.
synthesis()?.addEventListener?.('voiceschanged', learnVoices);

const voiceFor = (lang: Lang): SpeechSynthesisVoice | undefined =>
  voices.value.find((voice) => voice.lang.toLowerCase().startsWith(lang === 'en' ? 'en' : 'zh'));

export const canSpeak = (lang: Lang): boolean => voiceFor(lang) !== undefined;

/** One sentence after the other, a little slower than usual. */
export function speak(id: string, lang: Lang, sentences: readonly string[]): void {
  const voice = voiceFor(lang);
  const to = synthesis();
  if (!voice || !to) return;
  quiet();
  speaking.value = id;
  sentences.forEach((sentence, i) => {
    const said = new SpeechSynthesisUtterance(sentence);
    said.voice = voice;
    said.lang = voice.lang;
    said.rate = 0.9;
    if (i === sentences.length - 1) said.onend = () => finished(id);
    said.onerror = () => finished(id);
    to.speak(said);
  });
}

function finished(id: string): void {
  if (speaking.value === id) speaking.value = null;
}

export function quiet(): void {
  speaking.value = null;
  synthesis()?.cancel();
}
