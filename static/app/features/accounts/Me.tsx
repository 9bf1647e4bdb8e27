import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { day, devices, refreshStorageInfo, setPreferences, state } from '../../core/field';
import type { DeviceInfo, MemberInfo, Preferences } from '../../core/types';
import { VERSION } from '../../core/version';
import { language } from '../../i18n';
import { AppBar } from '../../ui/AppBar';
import { Button } from '../../ui/Button';
import { Facts } from '../../ui/Facts';
import { when } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { Parts } from '../../ui/parts';
import { href } from '../../ui/router';
import { Screen } from '../../ui/Screen';
import { Segmented } from '../../ui/Segmented';
import { ToastSlot } from '../../ui/Toast';
import { StorageCard } from '../operations/StorageCard';
import { SyncPill } from '../operations/SyncPill';
import { Tabs } from '../operations/Tabs';
import { words as outbox } from '../operations/texts';
import { InstallHint } from './InstallHint';
import { SignOutSheet } from './SignOutSheet';
import { words } from './texts';
import { UpdateBar } from './UpdateBar';
import './me.css';

function roleWords(member: MemberInfo): string[] {
  const t = words.value.me;
  const role = member.role === 'coordinator' ? t.coordinator : t.volunteer;
  return [role, member.lead ? t.lead : '', member.deputy ? t.deputy : ''];
}

function Who() {
  const session = state.session.value;
  if (!('person' in session)) return null;
  return (
    <section class="card who">
      <span class="avatar" aria-hidden="true">
        {session.person.name.slice(0, 1)}
      </span>
      <div class="grow">
        <b>{session.person.name}</b>
        <p class="cap">
          <Facts of={[session.community.name, ...roleWords(session.member)]} />
        </p>
      </div>
    </section>
  );
}

function Display() {
  const t = words.value.me;
  const { theme, largeText } = state.preferences.value;
  return (
    <>
      <div class="section">
        <h2>{t.display}</h2>
      </div>
      <section class="card settings" aria-label={t.display}>
        <div class="rowfield">
          <span>{t.language}</span>
          <Segmented<'zh' | 'en'>
            label={t.language}
            value={language.value}
            options={[
              { value: 'zh', label: <span lang="zh-Hans">{t.chinese}</span> },
              { value: 'en', label: <span lang="en">{t.english}</span> },
            ]}
            onChange={(value) => void setPreferences({ language: value })}
          />
        </div>
        <div class="rowfield">
          <span>{t.text}</span>
          <Segmented<'normal' | 'large'>
            label={t.text}
            value={largeText ? 'large' : 'normal'}
            options={[
              { value: 'normal', label: t.textNormal },
              { value: 'large', label: <span class="larger">{t.textLarge}</span> },
            ]}
            onChange={(value) => void setPreferences({ largeText: value === 'large' })}
          />
        </div>
        <div class="rowfield">
          <span>{t.theme}</span>
          <Segmented<Preferences['theme']>
            label={t.theme}
            value={theme}
            options={[
              { value: 'system', label: t.themeSystem },
              { value: 'light', label: t.themeLight },
              { value: 'dark', label: t.themeDark },
            ]}
            onChange={(value) => void setPreferences({ theme: value ?? 'system' })}
          />
        </div>
      </section>
    </>
  );
}

function Devices() {
  const t = words.value.me;
  const found = useSignal<DeviceInfo[] | null>(null);
  useEffect(() => {
    devices().then(
      (list) => {
        found.value = list;
      },
      () => undefined,
    );
  }, [found]);
  const own = state.session.value;
  const list =
    found.value ?? ('device' in own ? [{ ...own.device, lastSeenAt: null, current: true }] : []);
  return (
    <>
      <div class="section">
        <h2>{t.devices}</h2>
        {!found.value && <span class="cap">{t.devicesOffline}</span>}
      </div>
      <section class="card rows" aria-label={t.devices}>
        {list.map((device) => (
          <div key={device.id}>
            <Icon name="phone" />
            <span class="grow">
              {device.name}
              {device.lastSeenAt !== null && (
                <>
                  <br />
                  <span class="cap">{t.lastSeen(when(device.lastSeenAt, day()))}</span>
                </>
              )}
            </span>
            {device.current && <span class="cap">{t.thisDevice}</span>}
          </div>
        ))}
      </section>
    </>
  );
}

function Links() {
  const t = words.value.me;
  const phone = state.community.value?.phone;
  const session = state.session.value;
  const desk = 'member' in session && session.member.role === 'coordinator';
  const { unsent, open } = state.sync.value;
  return (
    <section class="card rows links">
      <a class="row" href={href('/outbox')}>
        <Icon name="cloudUp" />
        <span class="grow">{outbox.value.outbox.title}</span>
        {unsent + open > 0 && <span class="badge">{unsent + open}</span>}
        <Icon name="right" size="s" />
      </a>
      <Parts of="me" />
      {phone && (
        <a class="row" href={`tel:${phone}`}>
          <Icon name="call" />
          <span class="grow">{t.phone}</span>
          <span class="cap">{phone}</span>
        </a>
      )}
      {desk && (
        <a class="row" href="/coverage">
          <Icon name="home" />
          <span class="grow">{t.desk}</span>
          <Icon name="right" size="s" />
        </a>
      )}
      <a class="row" href={href('/help')}>
        <Icon name="download" />
        <span class="grow">{t.helpOpen}</span>
        <Icon name="right" size="s" />
      </a>
    </section>
  );
}

/** Who I am, how it looks, what this phone keeps, and the way out. */
export function Me() {
  const t = words.value.me;
  const leaving = useSignal(false);
  useEffect(() => {
    void refreshStorageInfo();
  }, []);
  return (
    <Screen
      title={t.title}
      memory="me"
      class="me"
      bar={
        <AppBar title={t.title}>
          <SyncPill />
        </AppBar>
      }
      dock={
        <>
          <ToastSlot />
          <UpdateBar />
        </>
      }
      tabs={<Tabs current="/me" />}
      over={
        leaving.value && (
          <SignOutSheet
            onClose={() => {
              leaving.value = false;
            }}
          />
        )
      }
    >
      <Who />
      <InstallHint />
      <Display />
      <Devices />
      <StorageCard />
      <Links />
      <Button
        kind="secondary"
        block
        onPress={() => {
          leaving.value = true;
        }}
      >
        {t.signOut}
      </Button>
      <p class="cap center version">
        {t.version} {VERSION}
      </p>
    </Screen>
  );
}
