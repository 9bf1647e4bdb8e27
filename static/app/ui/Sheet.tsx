import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { text } from '../i18n';
import { Icon } from './Icon';

const FOCUSABLE =
  'a[href], button:not([disabled]), input:not([disabled]), textarea, select, [tabindex="0"]';

function keepFocusInside(sheet: HTMLElement, event: KeyboardEvent): void {
  const all = [...sheet.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
    (element) => element.tabIndex >= 0 && element.offsetParent !== null,
  );
  const first = all[0];
  const last = all[all.length - 1];
  const at = document.activeElement;
  if (event.shiftKey && (at === first || !all.includes(at as HTMLElement))) {
    event.preventDefault();
    last?.focus();
  } else if (!event.shiftKey && at === last) {
    event.preventDefault();
    first?.focus();
  }
}

/** Takes the focus while it is open, gives it back afterwards, and closes on Escape. */
function useModal(onClose: () => void): RefObject<HTMLElement | null> {
  const ref = useRef<HTMLElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  // Noted while drawing: once the screen below is inert, nothing in it has the focus any more.
  const before = useRef(document.activeElement as HTMLElement | null);
  useEffect(() => {
    const sheet = ref.current;
    if (!sheet) return;
    sheet.querySelector<HTMLElement>('[data-focus], h2')?.focus({ preventScroll: true });
    const onKey = (event: KeyboardEvent): void => {
      // The topmost sheet answers alone.
      const open = document.querySelectorAll('.sheet');
      if (open[open.length - 1] !== sheet) return;
      if (event.key === 'Escape') close.current();
      else if (event.key === 'Tab') keepFocusInside(sheet, event);
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
      // A moment later the screen below is no longer inert.
      queueMicrotask(() => before.current?.focus({ preventScroll: true }));
    };
  }, []);
  return ref;
}

type Props = {
  title: ComponentChildren;
  /** Under the title. */
  caption?: ComponentChildren | undefined;
  /** Buttons between title and close. */
  tools?: ComponentChildren | undefined;
  foot?: ComponentChildren | undefined;
  big?: boolean | undefined;
  alert?: boolean | undefined;
  onClose: () => void;
  children?: ComponentChildren | undefined;
};

/** A sheet from below: what it asks stays within reach of the thumb. */
export function Sheet({ title, caption, tools, foot, big, alert, onClose, children }: Props) {
  const ref = useModal(onClose);
  const id = useId();
  return (
    <div class="layer">
      {/* biome-ignore lint/a11y: a wider target for the thumb; Escape and the button do the same */}
      <div class="scrim" onClick={onClose} />
      <section
        ref={ref}
        class="sheet"
        {...{
          role: alert ? ('alertdialog' as const) : ('dialog' as const),
          'aria-modal': true,
          'aria-labelledby': id,
        }}
      >
        <div class="sheet-head">
          <div class={big ? 'where big' : 'where'}>
            <h2 id={id} tabIndex={-1}>
              {title}
            </h2>
            {caption && <p class="cap">{caption}</p>}
          </div>
          {tools}
          <button
            type="button"
            class="iconbtn"
            aria-label={text.value.common.close}
            onClick={onClose}
          >
            <Icon name="x" />
          </button>
        </div>
        <div class="sheet-body">{children}</div>
        {foot && <div class="sheet-foot">{foot}</div>}
      </section>
    </div>
  );
}
