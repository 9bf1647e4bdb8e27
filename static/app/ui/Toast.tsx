import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { text } from '../i18n';
import { Icon } from './Icon';

/** `label` left out: undo. */
type ToastAction = { label?: string | undefined; run: () => void };

type Message = {
  id: number;
  title: string;
  detail?: ComponentChildren;
  action?: ToastAction | undefined;
};

/** How long the way back stays beside the thumb. */
const HOLD_MS = 6000;

const current = signal<Message | null>(null);
let count = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Shows a message for six seconds; a new one replaces it at once. */
export function toast(message: Omit<Message, 'id'>): void {
  clearTimeout(timer);
  count += 1;
  current.value = { id: count, ...message };
  timer = setTimeout(dismissToast, HOLD_MS);
}

export function dismissToast(): void {
  clearTimeout(timer);
  current.value = null;
}

function act(message: Message): void {
  dismissToast();
  message.action?.run();
}

/** Where the message appears: once on each screen and in each sheet, above the main button. */
export function ToastSlot() {
  const message = current.value;
  return (
    <div class="toast-slot" role="status">
      {message && (
        <div class="toast" key={message.id}>
          <span class="grow">
            <b>{message.title}</b>
            {message.detail && <span class="toast-detail">{message.detail}</span>}
          </span>
          {message.action && (
            <button type="button" onClick={() => act(message)}>
              {!message.action.label && <Icon name="undo" size="s" />}
              {message.action.label ?? text.value.common.undo}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
