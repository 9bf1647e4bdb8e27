/**
 * How many letters have to be put in, left out, changed or swapped with their neighbour to make one
 * word of the other (optimal string alignment); counting ends at `most` + 1.
 */
export function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let twoBack: number[] = [];
  let back = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(at(back, j) + 1, at(row, j - 1) + 1, at(back, j - 1) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, at(twoBack, j - 2) + 1);
      }
      row.push(cost);
    }
    twoBack = back;
    back = row;
  }
  return at(back, b.length);
}

const at = (row: readonly number[], i: number): number => row[i] ?? Number.POSITIVE_INFINITY;

/** So many slips of the thumb are forgiven in a word of this length. */
export const forgiven = (length: number): number => (length >= 8 ? 2 : length >= 4 ? 1 : 0);
