import { options } from 'preact';

const { port1, port2 } = new MessageChannel();
let draw = (): void => {};
port1.onmessage = () => draw();

// After all promises that are ready, still before the next frame.
function later(process: () => void): void {
  draw = process;
  port2.postMessage(null);
}

/**
 * Draws once for all that one save changes: what it tells the screens and the step to the next door
 * are some promises apart, and drawing between them would cost a second turn.
 */
export async function drawTogether<T>(work: () => Promise<T>): Promise<T> {
  options.debounceRendering = later;
  try {
    return await work();
  } finally {
    delete options.debounceRendering;
  }
}
