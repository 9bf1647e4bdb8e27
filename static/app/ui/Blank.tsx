import type { ComponentChildren } from 'preact';

type Props = {
  tone?: 'plain' | 'ok' | 'wait' | undefined;
  title: string;
  children?: ComponentChildren;
};

const MARK = {
  plain: 'M64 50v6',
  ok: 'M33 56l11 11 20-23',
  wait: 'M36 60v.1M48 60v.1M60 60v.1',
};

/** An empty, waiting or broken screen: what it is, what fills it, one thing to do. */
export function Blank({ tone = 'plain', title, children }: Props) {
  return (
    <div class="blank" data-tone={tone}>
      <svg viewBox="0 0 96 96" aria-hidden="true">
        <path class="blank-door" d="M16 92V40a32 32 0 0 1 64 0v52z" />
        <path class="blank-mark" d={MARK[tone]} />
        <path class="blank-step" d="M8 92h80" />
      </svg>
      <h2>{title}</h2>
      {children}
    </div>
  );
}
