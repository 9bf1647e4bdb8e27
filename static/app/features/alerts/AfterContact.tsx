import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { toast } from '../../ui/Toast';
import { here } from '../recording';
import { saveProblem } from '../visits/problems';
import { emptyAttempt, keepDraft } from './attemptForm';
import type { Channel } from './codes';
import { begun, end, recall } from './contact';
import { Tiles } from './inputs';
import type { Working } from './lay';
import { distanceTo, record } from './record';
import { takeBackToast } from './saved';
import { words } from './texts';
import { type Tile, tilesOf } from './tiles';

const HELPERS: readonly Channel[] = ['family', 'bank', 'police'];

function question(channel: Channel): string {
  const t = words.value;
  if (HELPERS.includes(channel)) return t.after.helper(t.way[channel]);
  if (channel === 'message') return t.after.message;
  return channel === 'call' ? t.after.call : t.after.door;
}

function nothing(channel: Channel): string {
  const t = words.value.after;
  if (channel === 'message') return t.notSent;
  return channel === 'door' || channel === 'workplace' ? t.notGone : t.not;
}

type Props = { working: Working; onDetails: (channel: Channel) => void };

/** Back from the dialler: one tap says what came of it. */
export function AfterContact({ working, onDetails }: Props) {
  const busy = useSignal(false);
  useEffect(() => void recall().catch(() => {}), []);
  const contact = begun.value;
  if (contact?.alert !== working.row.id) return null;
  const t = words.value;
  const { channel, at } = contact;
  const atDoor = channel === 'door';

  const details = (tile: Tile | null): void => {
    keepDraft(working.row.id, {
      ...emptyAttempt(channel),
      tile: tile?.key ?? null,
      // The call was a while ago; at the door it is now.
      when: atDoor ? null : at,
    });
    onDetails(channel);
  };
  const choose = async (tile: Tile): Promise<void> => {
    if (tile.away) return details(tile);
    if (busy.value) return;
    busy.value = true;
    try {
      const seen = atDoor ? distanceTo(working.row, here().desk.clock.now()) : {};
      const fields = { channel, result: tile.result, ...seen };
      const when = atDoor ? undefined : at;
      const ids = await record(working.row.id, { type: 'alert_attempt', fields, when });
      end();
      takeBackToast(t.attempt.saved, ids);
    } catch (error) {
      toast({ title: saveProblem(error) });
    } finally {
      busy.value = false;
    }
  };

  const { usual } = tilesOf(channel);
  return (
    <section class="card after" aria-label={question(channel)}>
      <h2>{question(channel)}</h2>
      <Tiles
        label={question(channel)}
        tiles={usual.map(({ key, icon }) => ({ value: key, label: t.attempt.tile[key], icon }))}
        value={null}
        onChoose={(key) => {
          const tile = usual.find((one) => one.key === key);
          if (tile) void choose(tile);
        }}
      />
      <div class="spread">
        <button type="button" class="link" onClick={() => details(null)}>
          {t.after.details}
        </button>
        <button type="button" class="link" onClick={end}>
          {nothing(channel)}
        </button>
      </div>
    </section>
  );
}
