/**
 * Charts over a figure's own table: the table stays for screen readers, the chart is drawn from
 * its cells. One <figure data-chart="trend"> holds a <table> whose rows have data-x and data-y
 * (basis points).
 */
import type uPlot from 'uplot';

type Plot = typeof uPlot;

/** What the drawing takes from the page: sizes in pixels, colours of the present theme. */
interface Look {
  width: number;
  rem: number;
  family: string;
  colour: (name: string) => string;
}

interface Target {
  percent: number;
  label: string;
}

export async function charts(): Promise<void> {
  const figures = document.querySelectorAll<HTMLElement>('figure[data-chart]');
  if (figures.length === 0) return;
  const [{ default: Uplot }] = await Promise.all([
    import('uplot'),
    import('uplot/dist/uPlot.min.css'),
  ]);
  for (const figure of figures) draw(Uplot, figure);
}

function draw(Uplot: Plot, figure: HTMLElement): void {
  const stage = figure.querySelector<HTMLElement>('.chart');
  if (stage === null) return;
  const rows = [...figure.querySelectorAll<HTMLElement>('[data-x]')];
  const labels = rows.map((row) => row.dataset['x'] ?? '');
  const values = rows.map((row) => (row.dataset['y'] ? Number(row.dataset['y']) / 100 : null));
  const target = {
    percent: Number(figure.dataset['target']) / 100,
    label: figure.dataset['targetLabel'] ?? '',
  };
  const data: uPlot.AlignedData = [
    labels.map((_, index) => index),
    values,
    labels.map(() => target.percent),
  ];
  let plot: uPlot | undefined;
  const render = () => {
    plot?.destroy();
    plot = new Uplot(options(look(stage), labels, target), data, stage);
  };
  figure.dataset['drawn'] = '';
  new ResizeObserver(() => {
    if (stage.clientWidth > 0 && plot?.width !== stage.clientWidth) render();
  }).observe(stage);
  document.addEventListener('displaychange', () => plot && render());
}

function look(stage: HTMLElement): Look {
  const style = getComputedStyle(stage);
  return {
    width: stage.clientWidth,
    rem: Number.parseFloat(getComputedStyle(document.documentElement).fontSize),
    family: style.fontFamily,
    colour: (name) => style.getPropertyValue(name).trim(),
  };
}

function options(look: Look, labels: string[], target: Target): uPlot.Options {
  const { rem, colour } = look;
  return {
    width: look.width,
    height: Math.round(9 * rem),
    padding: [0.5 * rem, 1.25 * rem, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: (_, low, high) => [low, Math.max(high, low + 1)] },
      y: { range: [0, 100] },
    },
    series: [
      {},
      {
        stroke: colour('--brand'),
        fill: colour('--brand-wash'),
        width: 2.5,
        spanGaps: true,
        points: { show: false },
      },
      { stroke: colour('--ink'), width: 1.5, dash: [5, 4], points: { show: false } },
    ],
    axes: axes(look, labels),
    hooks: {
      draw: [(plot) => nameTarget(plot, target, look), (plot) => markLatest(plot, look)],
    },
  };
}

function axes({ width, rem, family, colour }: Look, labels: string[]): uPlot.Axis[] {
  const font = `${0.75 * rem}px ${family}`;
  const step = Math.max(1, Math.ceil(labels.length / Math.max(2, width / (5 * rem))));
  const shown = labels.map((_, index) => index).filter((i) => (labels.length - 1 - i) % step === 0);
  const common = { font, stroke: colour('--ink-2'), ticks: { show: false } };
  return [
    {
      ...common,
      grid: { show: false },
      size: 1.75 * rem,
      gap: 7,
      splits: () => shown,
      values: (_, splits) => splits.map((index) => labels[index] ?? ''),
    },
    {
      ...common,
      size: 2.25 * rem,
      gap: 4,
      grid: { stroke: colour('--line'), width: 1 },
      splits: () => [0, 50, 100],
    },
  ];
}

/** The target's name at its line: below it when there is no room above. */
function nameTarget(plot: uPlot, { percent, label }: Target, { rem, family, colour }: Look): void {
  const { ctx, bbox } = plot;
  const size = 0.75 * rem * devicePixelRatio;
  ctx.save();
  ctx.font = `600 ${size}px ${family}`;
  ctx.fillStyle = colour('--ink');
  ctx.textAlign = 'left';
  const line = plot.valToPos(percent, 'y', true);
  ctx.fillText(label, bbox.left + size / 3, line + (percent > 80 ? 1.4 : -0.4) * size);
  ctx.restore();
}

/** A dot where things stand now. */
function markLatest(plot: uPlot, { rem, colour }: Look): void {
  const values = plot.data[1] ?? [];
  const last = values[values.length - 1];
  if (last == null) return;
  const { ctx } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.arc(
    plot.valToPos(values.length - 1, 'x', true),
    plot.valToPos(last, 'y', true),
    0.28 * rem * devicePixelRatio,
    0,
    2 * Math.PI,
  );
  ctx.fillStyle = colour('--brand');
  ctx.fill();
  ctx.restore();
}
