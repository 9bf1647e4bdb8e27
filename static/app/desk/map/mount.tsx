import { render } from 'preact';
import type { MapAnswer } from '../../contract';
import { en } from '../../features/map/texts.en';
import { zh } from '../../features/map/texts.zh';
import { DeskMap } from './DeskMap';
import type { Kind } from './model';

/** What the page says beside the map. */
export interface Setting {
  under: Pick<MapAnswer, 'tiles' | 'base'>;
  attribution: string[];
  targets: Record<Kind, number>;
  headline: Kind;
  csrf: string;
  words: typeof zh;
}

export function mount(root: HTMLElement): void {
  const { map = '{}', csrf = '' } = root.dataset;
  const given = JSON.parse(map) as Omit<Setting, 'csrf' | 'words'>;
  const words = document.documentElement.lang.startsWith('zh') ? zh : en;
  root.replaceChildren();
  render(<DeskMap setting={{ ...given, csrf, words }} />, root);
}
