import type { AlertRow } from '../../contract';
import { Icon } from '../../ui/Icon';
import type { IconName } from '../../ui/icons';
import { type Channel, FACE_TO_FACE } from './codes';
import { MESSAGE } from './icons';
import { words } from './texts';

type Rung = 'call' | 'message' | 'door';
const RUNGS: readonly { channel: Rung; icon: IconName }[] = [
  { channel: 'call', icon: 'call' },
  { channel: 'message', icon: MESSAGE },
  { channel: 'door', icon: 'walk' },
];

/** How far one is: what was tried has a tick, what comes next is solid. */
export function Ladder({ done, next }: { done: readonly Rung[]; next: Rung | null }) {
  const t = words.value.way;
  return (
    <div class="ladder">
      {RUNGS.map(({ channel, icon }, at) => {
        const state = channel === next ? 'now' : done.includes(channel) ? 'done' : undefined;
        return (
          <>
            {at > 0 && <i class={done.includes(channel) || state === 'now' ? 'done' : undefined} />}
            <span key={channel} class={state}>
              <Icon name={state === 'done' ? 'check' : icon} />
              {t[channel]}
            </span>
          </>
        );
      })}
    </div>
  );
}

/** The rungs that these channels stand for. */
export function rungsOf(channels: readonly string[]): Rung[] {
  const found: Rung[] = [];
  if (channels.includes('call')) found.push('call');
  if (channels.includes('message')) found.push('message');
  if (channels.some((channel) => FACE_TO_FACE.has(channel))) found.push('door');
  return found;
}

const asRung = (channel: Channel): Rung | null =>
  channel === 'call' || channel === 'message' || channel === 'door' ? channel : null;

/** The rung that is proposed; going there for all that is done in person. */
export const rungOf = (channels: readonly Channel[]): Rung | null =>
  channels.map(asRung).find((rung) => rung !== null) ?? null;

/** Of what the team sees, only roughly: the step and the last channel. */
export function stepRungs({ step, last }: AlertRow): { done: Rung[]; next: Rung } {
  if (step === 'new') return { done: [], next: 'call' };
  if (step === 'contact' && last?.channel === 'call') return { done: ['call'], next: 'message' };
  return step === 'contact'
    ? { done: ['call', 'message'], next: 'door' }
    : { done: ['call', 'message'], next: 'door' };
}
