import { signal } from '@preact/signals';
import type { ComponentChildren, ComponentType, FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import { idle } from '../core/idle';
import { text } from '../i18n';
import { AppBar } from './AppBar';
import { Blank } from './Blank';
import { Button } from './Button';
import { Screen } from './Screen';
import { Sheet } from './Sheet';
import { isTyping } from './typing';

/** What stands around a part that is not there yet. */
export type Frame = 'screen' | 'sheet' | 'part';

type Around = { frame: Frame; onClose: () => void; children: ComponentChildren };

function Framed({ frame, onClose, children }: Around) {
  const title = text.value.common.loading;
  if (frame === 'part') return <>{children}</>;
  if (frame === 'sheet') {
    return (
      <Sheet title={title} onClose={onClose}>
        {children}
      </Sheet>
    );
  }
  return (
    <Screen title={title} bar={<AppBar title="" backTo="/" />}>
      {children ?? <Blank tone="wait" title={title} />}
    </Screen>
  );
}

function Failed({ onRetry }: { onRetry: () => void }) {
  const t = text.value.common;
  return (
    <Blank title={t.notLoaded}>
      <p>{t.notLoadedLead}</p>
      <Button kind="primary" onPress={onRetry}>
        {t.retry}
      </Button>
    </Blank>
  );
}

const later: (() => Promise<unknown>)[] = [];

/**
 * A component that is not part of the first load. It is fetched when it is first shown, or before
 * that when nothing else is to be done (`loadTheRest`): the service worker keeps it, so neither needs
 * a network. Its words and its CSS travel with it.
 */
export function lazy<P extends object>(
  load: () => Promise<ComponentType<P>>,
  frame: Frame = 'screen',
): FunctionComponent<P> {
  const part = signal<ComponentType<P> | null>(null);
  const failed = signal(false);
  let failures = 0;
  const fetch = async (): Promise<void> => {
    if (part.value) return;
    failed.value = false;
    try {
      part.value = await load();
    } catch {
      failures += 1;
      failed.value = true;
    }
  };
  const retry = (): void => {
    // Some browsers remember until the page is loaded again that a file could not be had.
    if (failures > 1 && !isTyping()) location.reload();
    else void fetch();
  };
  later.push(fetch);
  return function Lazy(props: P & { onClose?: () => void }) {
    useEffect(() => void fetch(), []);
    const Part = part.value;
    if (Part) return <Part {...props} />;
    return (
      <Framed frame={frame} onClose={() => props.onClose?.()}>
        {failed.value ? <Failed onRetry={retry} /> : null}
      </Framed>
    );
  };
}

/** Fetches all lazy parts, one after the other, each when the browser has nothing else to do. */
export async function loadTheRest(moment = idleMoment): Promise<void> {
  for (let next = later.shift(); next; next = later.shift()) {
    await moment();
    await next();
  }
}

const idleMoment = (): Promise<void> => new Promise((resolve) => idle(resolve));
