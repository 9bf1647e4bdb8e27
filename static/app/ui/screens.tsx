/**
 * Which screens there are. A feature registers its own in one line of `features/screens.ts`; nobody
 * has to know the others.
 */
import type { ComponentType, FunctionComponent, VNode } from 'preact';
import type { IconName } from './icons';
import { lazy } from './lazy';
import { match } from './router';
import type { Tab } from './TabBar';

/** `{ id: string }` for `/alert/:id`; a part that ends in `?` may be missing. */
type Params<P extends string> = P extends `${infer A}/${infer B}`
  ? Params<A> & Params<B>
  : P extends `:${infer N}?`
    ? { [K in N]?: string }
    : P extends `:${infer N}`
      ? { [K in N]: string }
      : unknown;

interface Registration<P extends string> {
  path: P;
  /** A place in the tab bar, in the order of registration. */
  tab?: { icon: IconName; label: () => string; badge?: () => number; tone?: 'alert' };
  /** Is part of the first load. */
  screen?: ComponentType<Params<P>>;
  /** Is loaded when it is first shown. */
  load?: () => Promise<ComponentType<Params<P>>>;
}

type Found = { path: string; Screen: FunctionComponent<Record<string, string>> };

const screens: Found[] = [];
const tabs: (() => Tab)[] = [];

export function registerScreen<P extends string>(given: Registration<P>): void {
  const { path, tab, load } = given;
  const Screen = given.screen ?? (load && lazy<Params<P> & object>(load as never));
  screens.push({ path, Screen: Screen as Found['Screen'] });
  if (tab) {
    tabs.push(() => ({
      to: path,
      icon: tab.icon,
      label: tab.label(),
      badge: tab.badge?.() ?? 0,
      tone: tab.tone,
    }));
  }
}

/** The screen of an address, or null. */
export function screenAt(at: string): VNode | null {
  for (const { path, Screen } of screens) {
    const params = match(path, at);
    if (params) return <Screen {...params} />;
  }
  return null;
}

/** What stands in the tab bar now. */
export const registeredTabs = (): Tab[] => tabs.map((tab) => tab());
