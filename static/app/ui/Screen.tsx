import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { text } from '../i18n';

type Props = {
  title: string;
  bar?: ComponentChildren | undefined;
  dock?: ComponentChildren | undefined;
  tabs?: ComponentChildren | undefined;
  /** Lies over the screen (a sheet); everything below is then out of reach. */
  over?: ComponentChildren | undefined;
  /** Screens with the same key remember how far they were scrolled. */
  memory?: string | undefined;
  class?: string | undefined;
  /** Text only: the keyboard must be able to scroll it. */
  still?: boolean | undefined;
  children: ComponentChildren;
};

const scrolled = new Map<string, number>();

/** Header, scrolling body, dock within thumb reach. */
export function Screen({ title, bar, dock, tabs, over, memory, children, ...rest }: Props) {
  const body = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const element = body.current;
    if (!element || memory === undefined) return;
    // Not for nothing: it makes the browser lay everything out at once.
    const before = scrolled.get(memory);
    if (before) element.scrollTop = before;
    const keep = (): void => {
      scrolled.set(memory, element.scrollTop);
    };
    element.addEventListener('scroll', keep, { passive: true });
    return () => element.removeEventListener('scroll', keep);
  }, [memory]);
  const name = text.value.app.name;
  useEffect(() => {
    document.title = `${title} · ${name}`;
  }, [title, name]);
  return (
    <div class={rest.class ? `screen ${rest.class}` : 'screen'}>
      <div class="screen-head" inert={Boolean(over)}>
        {bar}
      </div>
      <main ref={body} inert={Boolean(over)} tabIndex={rest.still ? 0 : undefined}>
        {children}
      </main>
      <footer inert={Boolean(over)}>
        {dock && <div class="dock">{dock}</div>}
        {tabs}
      </footer>
      {over}
    </div>
  );
}
