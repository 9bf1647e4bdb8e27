/**
 * The proof of work of residents' forms, in place of a picture to puzzle over: a number after which
 * the SHA-256 of "task:number" begins with so many zero bits. The server's twin is webapp/trust/proof.py.
 */
import { sha256 } from '@noble/hashes/sha2.js';

/** So long at a stretch (milliseconds): the page stays alive meanwhile. */
const SLICE = 24;

export function leadingZeros(digest: Uint8Array): number {
  let bits = 0;
  for (const byte of digest) {
    if (byte !== 0) return bits + Math.clz32(byte) - 24;
    bits += 8;
  }
  return bits;
}

const encoder = new TextEncoder();

export const fits = (task: string, answer: number, bits: number): boolean =>
  leadingZeros(sha256(encoder.encode(`${task}:${answer}`))) >= bits;

/** Resolves with the first number that fits. */
export async function solve(task: string, bits: number): Promise<number> {
  for (let answer = 0; ; ) {
    const end = performance.now() + SLICE;
    do {
      if (fits(task, answer, bits)) return answer;
      answer += 1;
    } while (performance.now() < end);
    await new Promise((resolve) => setTimeout(resolve));
  }
}

/** Works for the button that waits, then lets it be pressed. */
export async function proof(button: HTMLButtonElement): Promise<void> {
  const { proof: task = '', bits = '0' } = button.dataset;
  const answer = await solve(task, Number(bits));
  const field = button.form?.elements.namedItem('answer');
  if (field instanceof HTMLInputElement) field.value = String(answer);
  button.disabled = false;
  button.form?.querySelector('[data-waiting]')?.remove();
}
