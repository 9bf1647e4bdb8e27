/**
 * The colours of coverage: one hue that grows darker (in the dark: lighter), so that nobody has to
 * tell hues apart, with figures that are readable on each step. The steps end at the target.
 */
import { lastOf } from '../../core/lastOf';
import type { Rate } from '../../core/types';

/** Basis points where a step begins, of a target of 85 %. */
const BEGINS = [0, 4_000, 5_500, 7_000, 8_500] as const;
const USUAL = 8_500;

export type Step = 0 | 1 | 2 | 3 | 4 | 5;

/** Basis points where each of the five steps begins. */
export const begins = (target: number): number[] =>
  BEGINS.map((from) => Math.round((from * target) / USUAL / 100) * 100);

/** 1 to 5; 0 where there is no rate. */
export function stepOf(rate: Rate, target: number): Step {
  if (rate === null) return 0;
  return begins(target).filter((from) => rate >= from).length as Step;
}

/** `<40`, `40`, `55`, `70`, `85+`. */
export function legend(target: number): string[] {
  const [, ...from] = begins(target).map((basis) => String(basis / 100));
  return [`<${from[0]}`, ...from.slice(0, -1), `${lastOf(from)}+`];
}

/** `61%`, rounded down; `–` over no doors. */
export const percent = (rate: Rate): string => (rate === null ? '–' : `${Math.floor(rate / 100)}%`);

export interface Look {
  fill: string[];
  ink: string[];
  edge: string;
  paper: string;
  strong: string;
  rem: number;
  family: string;
}

/** The present theme's colours and the size of text, as the style sheet has them. */
export function lookOf(element: Element): Look {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const steps = [0, 1, 2, 3, 4, 5];
  return {
    fill: steps.map((step) => colour(`--map-${step}`)),
    ink: steps.map((step) => colour(`--map-ink-${step}`)),
    edge: colour('--map-edge'),
    paper: colour('--map-in'),
    strong: colour('--ink'),
    rem: Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16,
    family: style.fontFamily,
  };
}
