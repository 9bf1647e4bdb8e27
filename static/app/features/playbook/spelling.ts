/** Chinese characters as pinyin, and pinyin without spaces as syllables. */

export class Spelling {
  private readonly syllableOf = new Map<string, string>();
  private readonly syllables = new Set<string>();
  private longest = 0;

  /** `table`: the common characters of each syllable, as `ba八巴 bai百白`. */
  constructor(table: string) {
    for (const entry of table.split(' ')) {
      const syllable = /^[a-z]*/.exec(entry)?.[0] ?? '';
      this.syllables.add(syllable);
      this.longest = Math.max(this.longest, syllable.length);
      for (const character of entry.slice(syllable.length)) {
        this.syllableOf.set(character, syllable);
      }
    }
  }

  /** The syllables of its characters; what is not known is left out. */
  ofCharacters(text: string): string[] {
    const found: string[] = [];
    for (const character of text) {
      const syllable = this.syllableOf.get(character);
      if (syllable) found.push(syllable);
    }
    return found;
  }

  /**
   * `laoshidaini` → lao shi dai ni: the way to cut it that leaves out fewest letters, then the one
   * with fewest syllables. None if more than a quarter of the letters would be left out.
   */
  ofLetters(text: string): string[] {
    type Way = { left: number; syllables: string[] };
    const ways: Way[] = [{ left: 0, syllables: [] }];
    const worse = (a: Way, b: Way) =>
      a.left > b.left || (a.left === b.left && a.syllables.length > b.syllables.length);
    for (let end = 1; end <= text.length; end++) {
      const before = ways[end - 1] as Way;
      let best: Way = { left: before.left + 1, syllables: before.syllables };
      for (let length = 1; length <= Math.min(this.longest, end); length++) {
        const syllable = text.slice(end - length, end);
        const from = ways[end - length] as Way;
        if (!this.syllables.has(syllable)) continue;
        const way = { left: from.left, syllables: [...from.syllables, syllable] };
        if (worse(best, way)) best = way;
      }
      ways.push(best);
    }
    const whole = ways[text.length] as Way;
    return whole.left * 4 > text.length ? [] : whole.syllables;
  }
}
