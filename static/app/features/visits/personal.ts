/** What must not stand in a note. */
export type Found = 'id' | 'card' | 'phone';

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = '10X98765432';

// The last character of an identity number is computed from the others.
function isIdNumber(text: string): boolean {
  if (!/^\d{17}[\dX]$/i.test(text)) return false;
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(text[at]), 0);
  return CHECKS[sum % 11] === text[17]?.toUpperCase();
}

// Luhn: every second digit from the right counts double.
function isCardNumber(text: string): boolean {
  if (!/^\d{15,19}$/.test(text)) return false;
  let sum = 0;
  for (let at = 0; at < text.length; at += 1) {
    const digit = Number(text[text.length - 1 - at]);
    const doubled = at % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/**
 * Looks for an identity number, a bank card or a phone number, also when written in groups
 * (`138 0000 0002`). The server looks again; this only warns while one can still take it out.
 */
export function personalNumberIn(note: string): Found | null {
  // No look-behind: Safari before 16.4 would refuse the whole bundle.
  const plain = note.normalize('NFKC').replace(/(\d)[\s\-·.]+(?=[\dX])/gi, '$1');
  for (const run of plain.match(/\d{7,}X?/gi) ?? []) {
    if (isIdNumber(run)) return 'id';
    if (isCardNumber(run)) return 'card';
    if (/^\d{17}[\dX]$/i.test(run)) return 'id';
    if (/^(?:86)?1[3-9]\d{9}$/.test(run) || /^0\d{9,11}$/.test(run)) return 'phone';
  }
  return null;
}
