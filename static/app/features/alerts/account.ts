/**
 * Numbers that nobody has to type here: an ID card or a bank card. The twin of `account_number` in
 * webapp/core/personal.py; both keep to tests/vectors/account_number.json.
 */
import { lastOf } from '../../core/lastOf';

const GROUPS = /\d+X?(?:[ \-.·]\d+X?)*/gi;
const ID_CARD = /^[1-9]\d{5}(?:18|19|20)\d{9}[\dX]$/;
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK = '10X98765432';
const LONGEST = 19;
const SHORTEST = 15;

export function hasAccountNumber(text: string): boolean {
  for (const [found] of text.normalize('NFKC').matchAll(GROUPS)) {
    const groups = found.toUpperCase().split(/[ \-.·]/);
    for (const run of runsOf(groups)) {
      const digits = run.join('');
      if (isIdCard(digits) || (isEmbossed(run) && luhn(digits))) return true;
    }
  }
  return false;
}

/** All runs of neighbouring groups that are not longer than a card number. */
function* runsOf(groups: readonly string[]): Generator<string[]> {
  for (let start = 0; start < groups.length; start++) {
    let digits = 0;
    for (let end = start; end < groups.length; end++) {
      digits += groups[end]?.length ?? 0;
      if (digits > LONGEST) break;
      yield groups.slice(start, end + 1);
    }
  }
}

/** In one, or as cards are embossed: in fours, or as American Express does. */
function isEmbossed(run: readonly string[]): boolean {
  const sizes = run.map((group) => group.length);
  const digits = sizes.reduce((sum, size) => sum + size, 0);
  if (digits < SHORTEST || !/^\d+$/.test(run.join(''))) return false;
  const inFours = sizes.slice(0, -1).every((size) => size === 4) && (lastOf(sizes) ?? 0) <= 4;
  return run.length === 1 || inFours || sizes.join() === '4,6,5';
}

function isIdCard(digits: string): boolean {
  if (!ID_CARD.test(digits)) return false;
  const total = WEIGHTS.reduce((sum, weight, i) => sum + weight * Number(digits[i]), 0);
  return CHECK[total % 11] === digits[17];
}

function luhn(digits: string): boolean {
  let sum = 0;
  [...digits].reverse().forEach((digit, i) => {
    const value = Number(digit) * (i % 2 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  });
  return sum % 10 === 0;
}
