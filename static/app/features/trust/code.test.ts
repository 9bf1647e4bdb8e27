import { describe, expect, it } from 'vitest';
import vectors from '../../../../tests/vectors/badge.json';
import { codeOf, importKey, markOf, scanned, stepOf } from './code';

const bytes = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const hashes = { sha1: 'SHA-1', sha256: 'SHA-256', sha512: 'SHA-512' } as const;
const sha1 = () => importKey(bytes(vectors.keys.sha1));

describe('codes are those of RFC 6238', () => {
  for (const { algorithm, time, code } of vectors.rfc6238) {
    it(`${algorithm} at ${time}`, async () => {
      const name = algorithm as keyof typeof hashes;
      const key = await importKey(bytes(vectors.keys[name]), hashes[name]);
      expect(await codeOf(key, stepOf(time * 1000), 8)).toBe(code);
    });
  }

  it('also beyond what 32 bits hold', async () => {
    const key = await sha1();
    expect(await codeOf(key, 2 ** 32)).not.toBe(await codeOf(key, 0));
  });
});

describe('a badge', () => {
  for (const { time, step, number, code, mark } of vectors.badge) {
    it(`shows and proves at ${time} what the server expects`, async () => {
      const key = await sha1();
      expect(stepOf(time * 1000)).toBe(step);
      expect(await codeOf(key, step)).toBe(code);
      expect(await markOf(key, number, step)).toBe(mark);
    });
  }

  it('holds a key that cannot be taken out again', async () => {
    const key = await sha1();
    expect(key.extractable).toBe(false);
    await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
  });

  it('leads to its own server', async () => {
    const { number, step, mark } = vectors.badge[0]!;
    expect(await scanned(await sha1(), number, step)).toBe(
      `${location.origin}/v/${number}.${step}.${mark}`,
    );
  });
});
