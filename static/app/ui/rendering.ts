import { options } from 'preact';

/**
 * Draws once for all that follows from one tap: what a save tells the screens and the step to the
 * next door are some promises apart, and drawing between them would cost a second turn. Call once.
 */
export function drawTogether(): void {
  const { port1, port2 } = new MessageChannel();
  let draw: (() => void) | null = null;
  port1.onmessage = () => {
    const now = draw;
    draw = null;
    now?.();
  };
  options.debounceRendering = (process) => {
    draw = process;
    port2.postMessage(null);
  };
}
