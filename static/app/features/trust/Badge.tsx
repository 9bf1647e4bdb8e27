import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { state } from '../../core/field';
import { AppBar } from '../../ui/AppBar';
import { Blank } from '../../ui/Blank';
import { Button } from '../../ui/Button';
import { clock } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { Notice } from '../../ui/Notice';
import { Pill } from '../../ui/Pill';
import { back, go } from '../../ui/router';
import { Screen } from '../../ui/Screen';
import { Segmented } from '../../ui/Segmented';
import { ToastSlot } from '../../ui/Toast';
import { Tabs } from '../operations/Tabs';
import { here } from '../recording';
import { useAwake } from './awake';
import { ContactCard } from './ContactCard';
import { DutyRow, HowLong } from './DutyRow';
import { type BadgeRow, given, type Kept } from './given';
import { bringUpToDate, move } from './keys';
import { Qr } from './Qr';
import { useShown } from './shown';
import { words } from './texts';
import './badge.css';

type Size = 'normal' | 'large' | 'huge';

/** Remembered while the app runs: who needed large print at one door needs it at the next. */
let chosen: Size = 'normal';

function Face({ kept, name }: { kept: Kept | null; name: string }) {
  const address = useSignal('');
  const bytes = kept?.photo?.bytes;
  useEffect(() => {
    if (!bytes) return;
    const url = URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' }));
    address.value = url;
    return () => URL.revokeObjectURL(url);
  }, [bytes, address]);
  if (bytes && address.value) {
    return <img class="face" src={address.value} alt={words.value.badge.photoOf(name)} />;
  }
  return (
    <svg class="face" viewBox="0 0 88 104" aria-hidden="true">
      <path class="face-door" d="M0 104V22A22 22 0 0 1 22 0h44a22 22 0 0 1 22 22v82z" />
      <circle class="face-person" cx="44" cy="44" r="18" />
      <path class="face-person" d="M10 104c2-24 16-34 34-34s32 10 34 34z" />
    </svg>
  );
}

function Code({ digits, left }: { digits: string; left: number }) {
  const t = words.value.badge;
  return (
    <div class="code">
      <div>
        <p class="cap">{t.code}</p>
        <p class="digits num" aria-hidden="true">
          <span>{digits.slice(0, 3)}</span>
          <span>{digits.slice(3)}</span>
        </p>
        <span class="vh">{t.spoken([...digits].join(' '))}</span>
      </div>
      <div class="left" role="timer" aria-label={t.changesIn(left)}>
        <svg viewBox="0 0 64 64" aria-hidden="true">
          <circle class="left-track" cx="32" cy="32" r="29" />
          <circle
            class="left-arc"
            cx="32"
            cy="32"
            r="29"
            pathLength={30}
            stroke-dasharray={`${left} 30`}
          />
        </svg>
        <b>{left}</b>
        <small>{t.seconds}</small>
      </div>
    </div>
  );
}

function Checks({ checks }: { checks: readonly number[] }) {
  const t = words.value.badge;
  const last = checks[0];
  return (
    <p class="checked" role="status">
      <Icon name={last ? 'check' : 'clock'} size="s" />
      {last ? t.checked(clock(last)) : t.checkedNever}
    </p>
  );
}

function IdCard({ badge, kept }: { badge: BadgeRow; kept: Kept }) {
  const t = words.value.badge;
  const session = state.session.value;
  const shown = useShown(kept.key, badge.digits);
  const phone = state.community.value?.phone;
  if (!('person' in session)) return null;
  const role = session.member.role === 'coordinator' ? t.coordinator : t.volunteer;
  return (
    <section class="idcard">
      <div class="slot" />
      <div class="id-top">
        <Face kept={kept} name={session.person.name} />
        <div class="id-who">
          <p class="cap">{session.community.name}</p>
          <h2>{session.person.name}</h2>
          <p>
            <span class="pill" data-tone="ok">
              {role}
            </span>
          </p>
          <p class="num">{t.number(badge.number)}</p>
        </div>
      </div>
      {shown && <Code digits={shown.digits} left={shown.left} />}
      <div class="id-check">
        {shown && <Qr text={shown.address} label={t.qr} />}
        <p>
          <b>{t.ask}</b> {t.how}
        </p>
      </div>
      {phone && (
        <a class="btn block" data-kind="secondary" href={`tel:${phone}`}>
          <Icon name="call" />
          {t.call} <span class="num">{phone}</span>
        </a>
      )}
      <p class="vow">{t.vow}</p>
      <Checks checks={badge.checks} />
    </section>
  );
}

function Elsewhere({ badge }: { badge: BadgeRow }) {
  const t = words.value.badge;
  const step = useSignal<'asking' | 'moving' | 'failed'>('asking');
  const bring = async (): Promise<void> => {
    step.value = 'moving';
    try {
      await move(here().desk);
    } catch {
      step.value = 'failed';
    }
  };
  return (
    <Blank title={t.elsewhere}>
      <p>{t.elsewhereLead(badge.device_name ?? '')}</p>
      <Button
        kind="primary"
        size="lg"
        disabled={step.value === 'moving'}
        onPress={() => void bring()}
      >
        {step.value === 'moving' ? t.moving : t.move}
      </Button>
      {step.value === 'failed' && (
        <Notice tone="warn" icon="warn" alert>
          {t.failed}
        </Notice>
      )}
    </Blank>
  );
}

function NotHere() {
  const t = words.value.badge;
  const { online } = state.sync.value;
  return (
    <Blank title={t.waiting}>
      <p>{online ? t.waitingLead : t.waitingOffline}</p>
      <Button kind="soft" icon="refresh" onPress={() => void bringUpToDate(here().desk)}>
        {t.fetch}
      </Button>
    </Blank>
  );
}

function Shown() {
  const t = words.value.badge;
  const { badge, kept, device } = given.value;
  if (!badge) {
    return (
      <Blank title={t.none}>
        <p>{t.noneLead}</p>
      </Blank>
    );
  }
  if (badge.status === 'suspended') {
    return (
      <Blank title={t.suspended}>
        <p>{t.suspendedLead}</p>
      </Blank>
    );
  }
  if (badge.device !== null && badge.device !== device) return <Elsewhere badge={badge} />;
  if (kept?.badge !== badge.id) return <NotHere />;
  return <IdCard badge={badge} kept={kept} />;
}

function Bright() {
  const t = words.value.badge;
  const awake = useAwake();
  return (
    <Pill icon="sun" tone="plain">
      {awake ? t.awake : t.brighten}
    </Pill>
  );
}

/** What lies over the badge: until when am I on duty, or the contact card. */
function Over({ over, badge }: { over: string | undefined; badge: BadgeRow | null }) {
  const close = (): void => back('/badge');
  if (over === 'start') return <HowLong onClose={close} />;
  if (over === 'card' && badge) return <ContactCard badge={badge} onClose={close} />;
  return null;
}

/** What is shown at the door: who I am, and a code that the resident can check. */
export function Badge({ over }: { over?: string }) {
  const t = words.value.badge;
  const size = useSignal<Size>(chosen);
  const { badge, kept } = given.value;
  const ready = badge?.status === 'active' && kept?.badge === badge.id;
  return (
    <Screen
      title={t.title}
      memory="badge"
      class={`badge-screen badge-${size.value}`}
      bar={
        <AppBar title={t.title} backTo="/me">
          {ready && <Bright />}
        </AppBar>
      }
      dock={<ToastSlot />}
      tabs={<Tabs current="/me" />}
      over={over && <Over over={over} badge={badge} />}
    >
      <Shown />
      <section class="card rows duty" aria-label={words.value.duty.title}>
        <DutyRow />
      </section>
      {ready && (
        <>
          <div class="rowfield badge-size">
            <b>{t.size}</b>
            <Segmented<Size>
              label={t.size}
              value={size.value}
              options={(['normal', 'large', 'huge'] as const).map((value) => ({
                value,
                label: <span class={`size-${value}`}>{t.sizes[value]}</span>,
              }))}
              onChange={(value) => {
                chosen = value ?? 'normal';
                size.value = chosen;
              }}
            />
          </div>
          <Button kind="secondary" block icon="share" onPress={() => go('/badge/card')}>
            {t.card}
          </Button>
        </>
      )}
    </Screen>
  );
}
