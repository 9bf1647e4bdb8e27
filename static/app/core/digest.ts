/**
 * Count and digest of a set of operations: the sum of their SHA-256 hashes modulo 2²⁵⁶, as 64
 * lower-case hex digits. It grows and shrinks one by one, in any order.
 */
export interface Tally {
  count: number;
  digest: string;
}

export const NOTHING: Tally = { count: 0, digest: '0'.repeat(64) };

const MODULUS = 1n << 256n;

const number = (hex: string): bigint => BigInt(`0x${hex}`);
const hex = (value: bigint): string => {
  const positive = ((value % MODULUS) + MODULUS) % MODULUS;
  return positive.toString(16).padStart(64, '0');
};

export function sumOfHashes(hashes: readonly string[]): string {
  return hex(hashes.reduce((sum, hash) => sum + number(hash), 0n));
}

export const plus = (a: Tally, b: Tally): Tally => ({
  count: a.count + b.count,
  digest: hex(number(a.digest) + number(b.digest)),
});

export const minus = (a: Tally, b: Tally): Tally => ({
  count: a.count - b.count,
  digest: hex(number(a.digest) - number(b.digest)),
});

export const one = (hash: string): Tally => ({ count: 1, digest: hash });
