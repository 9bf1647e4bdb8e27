/** The same order every time for the same text: an answer keeps its place while it is on screen. */
export function orderOf(seed: string, length: number): number[] {
  let state = 2166136261;
  for (let i = 0; i < seed.length; i++) {
    state = Math.imul(state ^ seed.charCodeAt(i), 16777619);
  }
  const order = Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    state = Math.imul(state ^ (state >>> 15), 2246822507) + 0x9e3779b9;
    const j = (state >>> 0) % (i + 1);
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}
