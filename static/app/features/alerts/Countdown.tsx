import { useEffect, useRef, useState } from 'preact/hooks';
import { announced, type Clocked, ringOf } from './ring';

type Props = {
  alert: Clocked;
  now: number;
  /** s: in lists, minutes. l: on the alert's own screen, with seconds, and said aloud. */
  size: 's' | 'l' | 'xs';
};

/** Centre, radius and stroke of the two sizes. */
const SHAPE = {
  xs: { c: 26, r: 23.5, w: 4 },
  s: { c: 34, r: 31, w: 5 },
  l: { c: 52, r: 48.5, w: 6 },
};

/** The ring to the deadline. A screen reader hears it at 30, 10 and 5 minutes, not every second. */
export function Countdown({ alert, now, size }: Props) {
  const { tone, soon, part, big, small, spoken } = ringOf(alert, now, size === 'l');
  const { c, r, w } = SHAPE[size];
  const circle = { cx: c, cy: c, r, 'stroke-width': w };
  return (
    <div class="ring" data-size={size} data-tone={tone} data-soon={soon ? '' : undefined}>
      <svg viewBox={`0 0 ${2 * c} ${2 * c}`} aria-hidden="true">
        <circle class="tr" {...circle} />
        <circle class="ar" {...circle} pathLength={100} stroke-dasharray={`${part} 100`} />
      </svg>
      <div role="timer" aria-label={spoken}>
        <b>{big}</b>
        {size !== 'xs' && <small>{small}</small>}
      </div>
      {size === 'l' && <Aloud alert={alert} now={now} />}
    </div>
  );
}

function Aloud({ alert, now }: { alert: Clocked; now: number }) {
  const before = useRef(now);
  const [said, setSaid] = useState('');
  useEffect(() => {
    const words = announced(alert, before.current, now);
    before.current = now;
    if (words !== null) setSaid(words);
  }, [alert, now]);
  return (
    <span class="vh" role="status">
      {said}
    </span>
  );
}
