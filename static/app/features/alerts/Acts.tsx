import { state } from '../../core/field';
import { Icon } from '../../ui/Icon';
import type { IconName } from '../../ui/icons';
import { isIos } from '../accounts/install';
import type { Channel } from './codes';
import { begin } from './contact';
import { MESSAGE } from './icons';
import type { Working } from './lay';
import { smsLink, smsText, tailOf, telLink, walkMinutes, wayLink } from './links';
import { words } from './texts';

type ActProps = {
  alert: string;
  channel: Channel;
  icon: IconName;
  label: string;
  small: string;
  link: string | null;
  on: boolean;
};

/** A way to reach the person; on coming back the app asks what came of it. */
function Act({ alert, channel, icon, label, small, link, on }: ActProps) {
  const inside = (
    <>
      <Icon name={icon} size="l" />
      {label}
      <small>{small}</small>
    </>
  );
  if (!link) return <span class="act off">{inside}</span>;
  return (
    <a class="act" data-on={on ? '' : undefined} href={link} onClick={() => begin(alert, channel)}>
      {inside}
    </a>
  );
}

type Props = { working: Working; next: readonly Channel[]; now: number };

/** Call, message, go there; what is proposed next is solid. */
export function Acts({ working, next, now }: Props) {
  const t = words.value.alert;
  const { row, state: known } = working;
  const { phone = '' } = row;
  const session = state.session.value;
  const me = 'person' in session ? session.person.name : '';
  const community = state.community.value?.name ?? '';
  const sent = known.attempts.message ?? 0;
  const visits = (known.attempts.door ?? 0) + (known.attempts.workplace ?? 0);
  const walk = walkMinutes(row, now);
  const first = next.find((one) => one === 'call' || one === 'message' || one === 'door');
  const ios = isIos();
  return (
    <div class="acts">
      <Act
        alert={row.id}
        channel="call"
        icon="call"
        label={t.call}
        small={phone ? t.tail(tailOf(phone)) : t.noPhone}
        link={phone ? telLink(phone) : null}
        on={first === 'call'}
      />
      <Act
        alert={row.id}
        channel="message"
        icon={MESSAGE}
        label={t.message}
        small={sent > 0 ? t.sent(sent) : t.notSent}
        link={phone ? smsLink(phone, smsText(row, me, community), ios) : null}
        on={first === 'message'}
      />
      <Act
        alert={row.id}
        channel="door"
        icon="walk"
        label={t.door}
        small={walk !== null ? t.walk(walk) : t.nth(visits + 1)}
        link={wayLink(row, ios)}
        on={first === 'door'}
      />
    </div>
  );
}
