const PER_ROW = 20;
const LEAST_ROWS = 2;
const MOST_ROWS = 7;
const STEP_X = 17;
const STEP_Y = 24;

type Props = { done: number; left: number; label: string };

type Kind = 'done' | 'next' | 'open';

function kindOf(index: number, done: number): Kind {
  if (index < done) return 'done';
  return index === done ? 'next' : 'open';
}

/** Today's doors, one drawn for each: done, the next, and as many as still fit the row. */
export function Doors({ done, left, label }: Props) {
  const rows = Math.min(MOST_ROWS, Math.max(LEAST_ROWS, Math.ceil((done + 1) / PER_ROW)));
  const shown = Math.min(rows * PER_ROW, done + left);
  if (shown === 0) return null;
  const drawnRows = Math.ceil(shown / PER_ROW);
  return (
    <svg
      class="doors"
      viewBox={`-1 -1 337 ${drawnRows * STEP_Y - 2}`}
      role="img"
      aria-label={label}
    >
      {Array.from({ length: shown }, (_, index) => {
        const x = (index % PER_ROW) * STEP_X;
        const y = Math.floor(index / PER_ROW) * STEP_Y + 20;
        return (
          <path key={index} class={kindOf(index, done)} d={`M${x} ${y}v-14a6 6 0 0 1 12 0v14z`} />
        );
      })}
    </svg>
  );
}
