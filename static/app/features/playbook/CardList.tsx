import type { ComponentChildren } from 'preact';
import { Icon } from '../../ui/Icon';
import { href } from '../../ui/router';
import { type Card, isUnread } from './cards';
import { words } from './texts';

type RowProps = { card: Card; hot?: boolean | undefined; note?: string | undefined };

/** A card in a list: its tile, its name, one line, and what is to be known of it. */
function CardLink({ card, hot, note }: RowProps) {
  const { mark, title, hook } = card.text;
  const pill = note ?? (isUnread(card) ? words.value.list.isNew : undefined);
  return (
    <a
      class="pbrow"
      href={href(`/playbook/${card.id}`)}
      data-hot={hot || isUnread(card) || undefined}
    >
      <span class="pbmark" aria-hidden="true">
        {mark || title.slice(0, 1)}
      </span>
      <span class="grow" lang={card.lang}>
        <b>{title}</b>
        <span class="cap">{hook}</span>
      </span>
      {pill ? (
        <span class="pill" data-tone="wait">
          {pill}
        </span>
      ) : (
        <Icon name="right" size="s" />
      )}
    </a>
  );
}

type Props = {
  title: string;
  hint?: ComponentChildren | undefined;
  cards: readonly Card[];
  hot?: boolean | undefined;
  noteOf?: ((card: Card) => string | undefined) | undefined;
};

/** A heading and the cards below it; nothing for no cards. */
export function CardList({ title, hint, cards, hot, noteOf }: Props) {
  if (cards.length === 0) return null;
  return (
    <>
      <div class="section">
        <h2>{title}</h2>
        {hint && <span class="cap">{hint}</span>}
      </div>
      <section class="card pblist" aria-label={title}>
        {cards.map((card) => (
          <CardLink key={card.id} card={card} hot={hot} note={noteOf?.(card)} />
        ))}
      </section>
    </>
  );
}
