import type { ComponentChildren } from 'preact';
import { Icon } from '../../ui/Icon';
import type { IconName } from '../../ui/icons';
import type { Card } from './cards';
import { ASK, FLAG, LINKS, SAID, TALK } from './icons';
import { words } from './texts';

type BlockProps = {
  title: string;
  icon: IconName;
  /** Its colour: flag is amber, say is pine, no is an outline. */
  kind?: 'flag' | 'say' | 'no' | undefined;
  children: ComponentChildren;
};

function Block({ title, icon, kind, children }: BlockProps) {
  return (
    <section class="card pbblock" data-kind={kind}>
      <h2>
        <Icon name={icon} />
        {title}
      </h2>
      {children}
    </section>
  );
}

type ListProps = Omit<BlockProps, 'children'> & {
  lines: readonly string[];
  mark?: IconName | undefined;
  quoted?: boolean | undefined;
};

function List({ lines, mark = 'dash', quoted, ...block }: ListProps) {
  if (lines.length === 0) return null;
  return (
    <Block {...block}>
      <ul>
        {lines.map((line) => (
          <li key={line}>
            <Icon name={mark} size="s" />
            <span>{quoted ? <q>{line}</q> : line}</span>
          </li>
        ))}
      </ul>
    </Block>
  );
}

type PairsProps = Omit<BlockProps, 'children'> & { pairs: readonly (readonly [string, string])[] };

function Pairs({ pairs, ...block }: PairsProps) {
  if (pairs.length === 0) return null;
  return (
    <Block {...block}>
      <dl>
        {pairs.map(([said, answer]) => (
          <div key={said}>
            <dt>
              <q>{said}</q>
            </dt>
            <dd>{answer}</dd>
          </div>
        ))}
      </dl>
    </Block>
  );
}

export function Ladder({ card }: { card: Card }) {
  const { ladder } = card.text;
  if (ladder.length === 0) return null;
  return (
    <ol class="pbladder">
      {ladder.map(([does, gets], i) => (
        <li key={does} data-last={i === ladder.length - 1 || undefined}>
          <span>{does}</span>
          <b>{gets}</b>
        </li>
      ))}
    </ol>
  );
}

/** What one needs while talking. */
export function Talking({ card }: { card: Card }) {
  const t = words.value.card;
  const { flags, say, avoid, openings } = card.text;
  return (
    <>
      <List title={t.flags} icon={FLAG} kind="flag" mark="check" lines={flags} />
      <List title={t.say} icon={TALK} kind="say" mark="check" lines={say} quoted />
      <List title={t.avoid} icon="slash" kind="no" mark="x" lines={avoid} />
      {openings.length > 0 && (
        <Block title={t.openings} icon={SAID}>
          {openings.map((line) => (
            <q class="pbbubble" key={line}>
              {line}
            </q>
          ))}
        </Block>
      )}
    </>
  );
}

export function FirstSteps({ card }: { card: Card }) {
  const t = words.value.card;
  const { first } = card.text;
  if (first.length === 0) return null;
  return (
    <Block title={t.first} icon="clock">
      <ol class="pbsteps">
        {first.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ol>
      <div class="two-buttons">
        {['110', '96110'].map((number) => (
          <a key={number} class="btn" data-kind="secondary" href={`tel:${number}`}>
            <Icon name="call" />
            {t.call(number)}
          </a>
        ))}
      </div>
    </Block>
  );
}

/** What one reads at home, or when the talk gets hard. */
export function Deeper({ card }: { card: Card }) {
  const t = words.value.card;
  const { probe, chain, sunk, tone, whom } = card.text;
  return (
    <>
      <List title={t.probe} icon={ASK} lines={probe} />
      <Pairs title={t.chain} icon={LINKS} pairs={chain.map(({ says, truth }) => [says, truth])} />
      <Pairs title={t.sunk} icon="undo" pairs={sunk.map(({ says, answer }) => [says, answer])} />
      <List title={t.tone} icon="user" lines={tone} />
      <List title={t.whom} icon="home" lines={whom} />
    </>
  );
}
