import encodeQR from 'qr';

type Props = { text: string; label: string };

/** A QR code as one path; black on white in every theme, with its quiet zone. */
export function Qr({ text, label }: Props) {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: 2 });
  const size = rows.length;
  return (
    <svg
      class="qr"
      viewBox={`0 0 ${size} ${size}`}
      shape-rendering="crispEdges"
      role="img"
      aria-label={label}
    >
      <path class="qr-paper" d={`M0 0h${size}v${size}H0z`} />
      <path class="qr-ink" d={rows.map(runs).join('')} />
    </svg>
  );
}

/** Dark modules that follow each other, as one rectangle. */
function runs(row: readonly boolean[], y: number): string {
  let drawn = '';
  for (let x = 0; x < row.length; x++) {
    if (!row[x]) continue;
    const start = x;
    while (row[x]) x += 1;
    drawn += `M${start} ${y}h${x - start}v1h-${x - start}z`;
  }
  return drawn;
}
