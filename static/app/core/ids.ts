/** UUIDv7 (RFC 9562) that only grow: what is recorded later sorts later, also within one millisecond. */

let lastMillis = 0;
let counter = 0;

export function newId(now: number = Date.now()): string {
  const random = crypto.getRandomValues(new Uint8Array(10));
  if (now > lastMillis) {
    lastMillis = now;
    // Half of the counter's range stays free to count up within the millisecond.
    counter = (((random[8] ?? 0) << 8) | (random[9] ?? 0)) & 0x7ff;
  } else if (++counter > 0xfff) {
    // A clock that stands still or runs backwards must not make a smaller id.
    lastMillis += 1;
    counter = 0;
  }
  return format(lastMillis, 0x7000 | counter, random);
}

/** The smallest id that could have been made at this moment: a lower bound for key ranges. */
export function idAt(moment: number): string {
  return format(Math.max(0, moment), 0x7000, null);
}

/** When an id was made, in ms since 1970 UTC: its first 48 bits. */
export const timeOf = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

function format(millis: number, third: number, random: Uint8Array | null): string {
  const time = millis.toString(16).padStart(12, '0');
  const tail = random
    ? [((random[0] ?? 0) & 0x3f) | 0x80, ...random.subarray(1, 8)]
        .map((byte) => byte.toString(16).padStart(2, '0'))
        .join('')
    : '8000000000000000';
  return `${time.slice(0, 8)}-${time.slice(8)}-${third.toString(16)}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}
