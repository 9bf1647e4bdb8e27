import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Button } from '../../ui/Button';
import { clock } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { go } from '../../ui/router';
import { Sheet } from '../../ui/Sheet';
import { toast } from '../../ui/Toast';
import { duty, end, now, start } from './duty';
import { words } from './texts';
import './duty.css';

const HOURS = [1, 2, 3, 4, 6, 8] as const;
const HOUR = 3_600_000;

async function said(work: () => Promise<void>, title: string): Promise<void> {
  try {
    await work();
    toast({ title });
  } catch {
    toast({ title: words.value.duty.notSaved });
  }
}

/** Two taps: on duty, until when. */
export function HowLong({ onClose }: { onClose: () => void }) {
  const t = words.value.duty;
  const at = now();
  return (
    <Sheet title={t.howLong} caption={t.howLongLead} onClose={onClose}>
      <div class="hours">
        {HOURS.map((hours) => {
          const until = clock(at + hours * HOUR);
          return (
            <button
              key={hours}
              type="button"
              class="chip"
              onClick={() => {
                onClose();
                void said(() => start(hours), t.started(until));
              }}
            >
              <b>{t.hours(hours)}</b> <span class="cap">{t.until(until)}</span>
            </button>
          );
        })}
      </div>
    </Sheet>
  );
}

/** Follows the time by the minute: a shift runs over by itself. */
export function useMinute(): number {
  const at = useSignal(now());
  useEffect(() => {
    const timer = setInterval(() => {
      at.value = now();
    }, 20_000);
    return () => clearInterval(timer);
  }, [at]);
  return Math.max(at.value, duty.value?.since ?? 0);
}

/** Off duty, on duty, or overdue; and the one thing to do about it. */
export function DutyRow() {
  const t = words.value.duty;
  const at = useMinute();
  const shift = duty.value;
  const over = shift !== null && at >= shift.until;
  const ask = (): void => go('/badge/start');
  return (
    <div class="duty-row" data-tone={over ? 'warn' : undefined}>
      <Icon name={over ? 'warn' : shift ? 'check' : 'clock'} />
      <span class="grow" role="status">
        <b>
          {!shift && t.off}
          {shift && !over && t.on(clock(shift.since), clock(shift.until))}
          {over && t.over(clock(shift.until))}
        </b>
        {(!shift || over) && (
          <>
            <br />
            <span class="cap">{over ? t.overLead : t.offLead}</span>
          </>
        )}
      </span>
      <span class="duty-acts">
        {over && (
          <Button kind="quiet" onPress={ask}>
            {t.extend}
          </Button>
        )}
        <Button kind="soft" onPress={() => (shift ? void said(end, t.ended) : ask())}>
          {shift ? t.end : t.start}
        </Button>
      </span>
    </div>
  );
}
