import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fits, leadingZeros, proof, solve } from './proof';

describe('the proof of work', () => {
  it('counts leading zero bits', () => {
    expect(leadingZeros(Uint8Array.of(0, 0, 0x1f))).toBe(19);
    expect(leadingZeros(Uint8Array.of(0x80))).toBe(0);
    expect(leadingZeros(Uint8Array.of(0, 0))).toBe(16);
  });

  it('is what anybody finds with SHA-256', async () => {
    const answer = await solve('1795395600000.00ff.abc', 10);
    const digest = createHash('sha256').update(`1795395600000.00ff.abc:${answer}`).digest();
    expect(leadingZeros(digest)).toBeGreaterThanOrEqual(10);
    for (let n = 0; n < answer; n++) expect(fits('1795395600000.00ff.abc', n, 10)).toBe(false);
  });

  it('opens the button that waited for it', async () => {
    document.body.innerHTML =
      '<form><input name="answer"><button data-proof="t" data-bits="4" disabled></button>' +
      '<p data-waiting></p></form>';
    const button = document.querySelector('button')!;
    await proof(button);
    expect(button.disabled).toBe(false);
    const { value } = document.querySelector('input')!;
    expect(fits('t', Number(value), 4)).toBe(true);
    expect(document.querySelector('[data-waiting]')).toBeNull();
  });
});
