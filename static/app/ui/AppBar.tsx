import type { ComponentChildren } from 'preact';
import { text } from '../i18n';
import { Icon } from './Icon';
import { back } from './router';

type Props = {
  title: ComponentChildren;
  caption?: ComponentChildren | undefined;
  /** Where back leads after a cold start; without it there is no back button. */
  backTo?: string | undefined;
  children?: ComponentChildren | undefined;
};

/** The top only informs: where one is, and the state of the upload. */
export function AppBar({ title, caption, backTo, children }: Props) {
  return (
    <header class="appbar">
      {backTo !== undefined && (
        <button
          type="button"
          class="iconbtn"
          aria-label={text.value.common.back}
          onClick={() => back(backTo)}
        >
          <Icon name="left" />
        </button>
      )}
      <div class="grow">
        <h1>{title}</h1>
        {caption && <p class="cap">{caption}</p>}
      </div>
      {children}
    </header>
  );
}
