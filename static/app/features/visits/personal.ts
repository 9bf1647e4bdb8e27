/** What must not stand in a note. */
export type Found = 'id' | 'card' | 'phone';

// Digits 7 to 14 of an identity number are the day of birth; a bank card rarely looks like that.
const ID_NUMBER = /^\d{6}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]$/i;
const CARD_NUMBER = /^\d{15,19}$/;
const PHONE_NUMBER = /^(?:(?:86)?1[3-9]\d{9}|0\d{9,11})$/;

/**
 * Looks for an identity number, a bank card or a phone number, also when written in groups
 * (`138 0000 0002`) or mistyped by a digit. The server looks again; this only warns while one can
 * still take it out.
 */
export function personalNumberIn(note: string): Found | null {
  // No look-behind: Safari before 16.4 would refuse the whole bundle.
  const plain = note.normalize('NFKC').replace(/(\d)[\s\-·.]+(?=[\dX])/gi, '$1');
  for (const run of plain.match(/\d{7,}X?/gi) ?? []) {
    if (ID_NUMBER.test(run)) return 'id';
    if (CARD_NUMBER.test(run)) return 'card';
    if (PHONE_NUMBER.test(run)) return 'phone';
  }
  return null;
}
