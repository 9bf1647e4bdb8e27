/**
 * Charts over a figure's own table: the table stays for screen readers, the chart is drawn from
 * its cells. One <figure data-chart="trend"> holds a <table> whose rows have data-x and data-y.
 */
import type uPlot from 'uplot';

type Plot = typeof uPlot;

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
  const rows = [...figure.querySelectorAll<HTMLElement>('[data-x]')];
  const labels = rows.map((row) => row.dataset['x'] ?? '');
  const values = rows.map((row) => (row.dataset['y'] ? Number(row.dataset['y']) / 100 : null));
  const target = Number(figure.dataset['target']) / 100;
  const stage = figure.querySelector<HTMLElement>('.chart');
  if (stage === null) return;
  let plot: uPlot | undefined;
  const render = () => {
    plot?.destroy();
    plot = new Uplot(options(stage, labels, target, figure.dataset['targetLabel'] ?? ''), [
      labels.map((_, index) => index),
      values,
      labels.map(() => target),
    ], stage);
  };
  new ResizeObserver(() => {
    if (plot?.width !== stage.clientWidth) render();
  }).observe(stage);
  document.addEventListener('displaychange', render);
  figure.dataset['drawn'] = '';
}

function options(
  stage: HTMLElement,
  labels: string[],
  target: number,
  targetLabel: string,
): uPlot.Options {
  const style = getComputedStyle(stage);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const font = `${0.75 * rem}px ${style.fontFamily}`;
  const step = Math.max(1, Math.ceil(labels.length / Math.max(2, stage.clientWidth / (5 * rem))));
  return {
    width: stage.clientWidth,
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
        points: { show: labels.length < 2 || undefined, size: 7, fill: colour('--brand') },
      },
      { stroke: colour('--ink'), width: 1.5, dash: [5, 4], points: { show: false } },
    ],
    axes: [
      {
        font,
        stroke: colour('--ink-2'),
        grid: { show: false },
        ticks: { show: false },
        size: 1.75 * rem,
        gap: 7,
        splits: () => labels.map((_, index) => index).filter((i) => (labels.length - 1 - i) % step === 0),
        values: (_, splits) => splits.map((index) => labels[index] ?? ''),
      },
      {
        font,
        stroke: colour('--ink-2'),
        size: 2.25 * rem,
        gap: 4,
        ticks: { show: false },
        grid: { stroke: colour('--line'), width: 1 },
        splits: () => [0, 50, 100],
      },
    ],
    hooks: { draw: [(plot) => flag(plot, target, targetLabel, colour('--ink'), rem)] },
  };
}

/** The target's name above its line. */
function flag(plot: uPlot, target: number, label: string, ink: string, rem: number): void {
  const { ctx } = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.font = `600 ${0.75 * rem * ratio}px ${getComputedStyle(plot.root).fontFamily}`;
  ctx.fillStyle = ink;
  ctx.textAlign = 'left';
  const top = plot.valToPos(target, 'y', true) + (target > 70 ? 1.05 : -0.3) * rem * ratio;
  ctx.fillText(label, plot.bbox.left + 0.25 * rem * ratio, top);
  ctx.restore();
}
