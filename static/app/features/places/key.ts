/** A door's key inside its building (design 2): two doors with the same key are one door. */

/** NFKC, no white space at the ends, no leading zeros: "０２" and "2" are the same stairwell. */
export function normalised(text: string): string {
  return text
    .normalize('NFKC')
    .trim()
    .replace(/^0+(?=.)/, '');
}

export function doorKey(unit: string, room: string): string {
  return `${normalised(unit)}\n${normalised(room)}`;
}
