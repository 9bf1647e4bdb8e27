/** Money as people type it (yuan, also `7.8万`) and as it is kept: integer fen. */

const FEN = 100;
const WAN = 10_000;
/** The most that the server takes (fen). */
const MOST = 10 ** 13;
const TYPED = /^(\d{1,12}(?:\.\d{1,2})?)$|^(\d{1,8}(?:\.\d{1,6})?)(?:万|w)$/i;

/** Fen; null when nothing was typed; undefined when it is no amount. */
export function fenOf(typed: string): number | null | undefined {
  const plain = typed.normalize('NFKC').replace(/[\s,，¥元]/g, '');
  if (plain === '') return null;
  const found = TYPED.exec(plain);
  if (!found) return undefined;
  const yuan = found[1] === undefined ? Number(found[2]) * WAN : Number(found[1]);
  const fen = Math.round(yuan * FEN);
  return fen <= MOST ? fen : undefined;
}

/** `78,000`, with cents only where there are any. */
export function yuanOf(fen: number): string {
  const [whole = '0', rest = '00'] = (fen / FEN).toFixed(2).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return rest === '00' ? grouped : `${grouped}.${rest}`;
}

/** `7.8` of ten thousands, as Chinese counts; null below one. */
export function wanOf(fen: number): string | null {
  const wan = fen / FEN / WAN;
  return wan < 1 ? null : String(Number(wan.toFixed(2)));
}
