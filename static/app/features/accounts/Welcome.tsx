import type { ComponentChildren } from 'preact';
import { setPreferences } from '../../core/field';
import { language, text } from '../../i18n';
import { Icon } from '../../ui/Icon';
import { Logo } from '../../ui/Logo';
import { Pill } from '../../ui/Pill';
import { back } from '../../ui/router';
import { Screen } from '../../ui/Screen';
import './welcome.css';

type Props = {
  title: string;
  lead?: ComponentChildren;
  dock?: ComponentChildren;
  /** Where back leads, for screens that one visits from inside. */
  backTo?: string | undefined;
  /** How the language is switched where nothing can be stored. */
  onLanguage?: (() => void) | undefined;
  /** Text only. */
  still?: boolean | undefined;
  children?: ComponentChildren;
};

function otherLanguage(): void {
  void setPreferences({ language: language.value === 'zh' ? 'en' : 'zh' });
}

/** Screens outside the work: the mark, the other language, a large title. */
export function Welcome(props: Props) {
  const { title, lead, dock, backTo, onLanguage = otherLanguage, children } = props;
  const t = text.value;
  return (
    <Screen
      title={title}
      class="welcome"
      still={props.still}
      bar={
        <header class="appbar">
          {backTo !== undefined && (
            <button
              type="button"
              class="iconbtn"
              aria-label={t.common.back}
              onClick={() => back(backTo)}
            >
              <Icon name="left" />
            </button>
          )}
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
      <h1 class="welcome-title">{title}</h1>
      {lead && <p class="lead">{lead}</p>}
      {children}
    </Screen>
  );
}
