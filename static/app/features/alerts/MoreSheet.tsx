import { useSignal } from '@preact/signals';
import { state } from '../../core/field';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Sheet } from '../../ui/Sheet';
import { ToastSlot, toast } from '../../ui/Toast';
import { saveProblem } from '../visits/problems';
import { given } from './given';
import { PEOPLE } from './icons';
import type { Working } from './lay';
import { handOver, letGo } from './online';
import { record } from './record';
import { words } from './texts';

type Props = { working: Working; onClose: () => void; onGone: () => void };

function Members({ alert, onGone }: { alert: string; onGone: () => void }) {
  const t = words.value.more;
  const busy = useSignal(false);
  const others = state.team.value.filter(({ id }) => id !== given.value.me);
  const hand = async (member: string, name: string): Promise<void> => {
    if (busy.value) return;
    busy.value = true;
    try {
      const answer = await handOver(alert, member);
      if (answer.kind === 'done') {
        toast({ title: t.handed(name) });
        onGone();
      } else toast({ title: answer.kind === 'offline' ? t.offline : t.notHanded });
    } catch (error) {
      toast({ title: saveProblem(error) });
    } finally {
      busy.value = false;
    }
  };
  if (others.length === 0) return <p class="cap">{t.nobody}</p>;
  return (
    <fieldset class="choices" aria-label={t.chooseMember}>
      {others.map(({ id, name }) => (
        <Button
          key={id}
          kind="secondary"
          block
          disabled={busy.value}
          onPress={() => void hand(id, name)}
        >
          {name}
        </Button>
      ))}
    </fieldset>
  );
}

/** Help, somebody else, leaving, and the message as it came. */
export function MoreSheet({ working, onClose, onGone }: Props) {
  const t = words.value;
  const { row, state: now } = working;
  const handing = useSignal(false);
  const sure = useSignal(false);
  const alone = !now.working.some((member) => member !== given.value.me);

  const join = async (action: 'on' | 'off' | 'help', title: string): Promise<void> => {
    try {
      await record(row.id, { type: 'alert_join', fields: { action } });
      toast({ title });
      if (action !== 'off') return onClose();
      await letGo(row.id);
      onGone();
    } catch (error) {
      toast({ title: saveProblem(error) });
    }
  };
  const leave = (): void => {
    if (alone && !sure.value) sure.value = true;
    else void join('off', t.more.left);
  };

  return (
    <Sheet title={t.more.title} onClose={onClose} foot={<ToastSlot />}>
      <section class="card rows menu">
        <button
          type="button"
          class="row"
          onClick={() =>
            void (now.help ? join('on', t.more.helpOff) : join('help', t.more.helpSaved))
          }
        >
          <Icon name={PEOPLE} />
          <span class="grow">
            <b>{now.help ? t.more.helpOff : t.more.help}</b>
            <br />
            <span class="cap">{now.help ? t.more.together : t.more.helpLead}</span>
          </span>
        </button>
        <button
          type="button"
          class="row"
          aria-expanded={handing.value}
          onClick={() => {
            handing.value = !handing.value;
          }}
        >
          <Icon name="share" />
          <span class="grow">
            <b>{t.more.hand}</b>
            <br />
            <span class="cap">{t.more.handLead}</span>
          </span>
          <Icon name={handing.value ? 'up' : 'down'} size="s" />
        </button>
        {handing.value && (
          <div>
            <Members alert={row.id} onGone={onGone} />
          </div>
        )}
        <button type="button" class="row" onClick={leave}>
          <Icon name="x" />
          <span class="grow">
            <b>{t.more.leave}</b>
            <br />
            <span class="cap">{sure.value ? t.more.leaveSure : t.more.leaveLead}</span>
          </span>
        </button>
      </section>
      {row.original && (
        <div class="field">
          <div class="lbl">{t.alert.original}</div>
          <p class="wrap">{row.original}</p>
        </div>
      )}
    </Sheet>
  );
}
