import type { ComponentChildren } from 'preact';
import { setPreferences } from '../../core/field';
import { language, text } from '../../i18n';
import { Logo } from '../../ui/Logo';
import { Pill } from '../../ui/Pill';
import { Screen } from '../../ui/Screen';
import './welcome.css';

type Props = {
  title: string;
  lead?: ComponentChildren;
  dock?: ComponentChildren;
  /** How the language is switched where nothing can be stored. */
  onLanguage?: (() => void) | undefined;
  children?: ComponentChildren;
};

function otherLanguage(): void {
  void setPreferences({ language: language.value === 'zh' ? 'en' : 'zh' });
}

/** Screens outside the work: the mark, the other language, a large title. */
export function Welcome({ title, lead, dock, onLanguage = otherLanguage, children }: Props) {
  const t = text.value;
  return (
    <Screen
      title={title}
      class="welcome"
      bar={
        <header class="appbar">
          <span class="brand">
            <Logo />
            <b>{t.app.name}</b>
          </span>
          <Pill tone="line" icon="globe" onPress={onLanguage}>
            <span lang={language.value === 'zh' ? 'en' : 'zh-Hans'}>{t.app.otherLanguage}</span>
          </Pill>
        </header>
      }
      dock={dock}
    >
      <h1 class="big">{title}</h1>
      {lead && <p class="lead">{lead}</p>}
      {children}
    </Screen>
  );
}
