import { percent } from '../../features/map/scale';
import { Icon } from '../../ui/Icon';
import type { Job } from './Edit';
import { type Block, fraction, type Kind, rate } from './model';
import type { Setting } from './mount';

const KINDS: readonly Kind[] = ['publicity', 'app', 'knocked'];

type Props = {
  block: Block;
  setting: Setting;
  onClose: () => void;
  onJob: (job: Job) => void;
  onDrop: () => void;
};

/** The building that is chosen: its figures, where to read on, and its place. */
export function Card({ block, setting, onClose, onJob, onDrop }: Props) {
  const t = setting.words.desk;
  const drawn = block.placed && block.rings !== null;
  return (
    <section class="card sec deskmap-card" aria-label={block.name}>
      <header>
        <h2>{block.name}</h2>
        <button type="button" class="iconbtn" aria-label={t.close} onClick={onClose}>
          <Icon name="x" />
        </button>
      </header>
      <p class="cap">{[block.compound, block.grid].filter(Boolean).join(' · ')}</p>
      <dl>
        {KINDS.map((kind) => {
          const { part, whole } = fraction(block, kind);
          return (
            <div key={kind}>
              <dt>{t[kind]}</dt>
              <dd>
                <b>{percent(rate(block, kind))}</b>{' '}
                <span class="cap">{t.of(String(part), String(whole))}</span>
              </dd>
            </div>
          );
        })}
      </dl>
      <p class="deskmap-links">
        <a class="btn" data-kind="soft" href={`/coverage/buildings/${block.id}`}>
          {t.details}
        </a>
        <a class="btn" data-kind="secondary" href={`/buildings/${block.id}`}>
          {t.edit}
        </a>
      </p>
      <p class="deskmap-links">
        <button type="button" class="btn" data-kind="quiet" onClick={() => onJob('move')}>
          <Icon name="pin" size="s" />
          {block.placed ? t.move : t.place}
        </button>
        <button type="button" class="btn" data-kind="quiet" onClick={() => onJob('draw')}>
          <Icon name="pen" size="s" />
          {drawn ? t.redraw : t.draw}
        </button>
        {drawn && (
          <button type="button" class="btn" data-kind="quiet" onClick={onDrop}>
            <Icon name="trash" size="s" />
            {t.dropOutline}
          </button>
        )}
      </p>
    </section>
  );
}
