import { Icon } from '../../ui/Icon';
import type { IconName } from '../../ui/icons';
import type { Channel, Role } from './codes';
import { begin } from './contact';
import { SHIELD } from './icons';
import type { Working } from './lay';
import { tailOf, telLink } from './links';
import { words } from './texts';

const HOTLINE = '96110';
const POLICE = '110';

/** By which way somebody of this role is reached. */
const WAY: Record<Role, Channel> = {
  family: 'family',
  guardian: 'family',
  neighbour: 'family',
  colleague: 'family',
  grid_worker: 'family',
  bank: 'bank',
  police: 'police',
};

type PersonProps = {
  alert: string;
  name: string;
  caption: string;
  phone: string;
  channel: Channel;
  icon?: IconName;
};

function Person({ alert, name, caption, phone, channel, icon }: PersonProps) {
  return (
    <div>
      <span class={icon ? 'avatar sq' : 'avatar'} aria-hidden="true">
        {icon ? <Icon name={icon} /> : [...name][0]}
      </span>
      <div class="grow">
        <b class="wrap">{name}</b>
        <div class="cap wrap">{caption}</div>
      </div>
      {phone && (
        <a
          class="iconbtn"
          href={telLink(phone)}
          aria-label={words.value.alert.callTo(name)}
          onClick={() => begin(alert, channel)}
        >
          <Icon name="call" />
        </a>
      )}
    </div>
  );
}

/** Contacts of the message and those that were added, each once. */
function peopleOf({ row, state }: Working): { role: Role; name: string; phone: string }[] {
  const all = [...(row.contacts ?? []), ...state.participants].map(({ role, name, phone }) => ({
    role,
    name: name ?? '',
    phone: phone ?? '',
  }));
  const keys = all.map(({ role, name, phone }) => `${role} ${name} ${phone}`);
  return all.filter((_, at) => keys.indexOf(keys[at] ?? '') === at);
}

export const hasGuardian = (working: Working): boolean =>
  peopleOf(working).some(({ role }) => role === 'guardian');

/** Whom the resident knows, the family, the bank, the police: one tap calls. */
export function Helpers({ working, onAdd }: { working: Working; onAdd: () => void }) {
  const t = words.value;
  const { id, caretaker } = working.row;
  return (
    <>
      <div class="section">
        <h2>{t.alert.helpers}</h2>
        <button type="button" class="link" onClick={onAdd}>
          {t.alert.addHelper}
        </button>
      </div>
      <section class="card rows help" aria-label={t.alert.helpers}>
        {caretaker && (
          <Person
            alert={id}
            name={caretaker.name}
            caption={[caretaker.role, t.alert.caretakerLead].filter(Boolean).join(' ')}
            phone=""
            channel="family"
          />
        )}
        {peopleOf(working).map(({ role, name, phone }) => (
          <Person
            key={`${role} ${name} ${phone}`}
            alert={id}
            name={name || t.role[role]}
            caption={[t.role[role], phone ? t.alert.tail(tailOf(phone)) : '']
              .filter(Boolean)
              .join(' ')}
            phone={phone}
            channel={WAY[role]}
          />
        ))}
        <Person
          alert={id}
          name={t.alert.hotline}
          caption={t.alert.hotlineLead}
          phone={HOTLINE}
          channel="police"
          icon={SHIELD}
        />
        <Person
          alert={id}
          name={t.alert.police}
          caption={t.alert.policeLead}
          phone={POLICE}
          channel="police"
          icon={SHIELD}
        />
      </section>
    </>
  );
}
