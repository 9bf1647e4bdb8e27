import { useSignal } from '@preact/signals';
import type { Support } from '../../core/types';
import { language, speak, text } from '../../i18n';
import { Button } from '../../ui/Button';
import { isIos } from './install';
import { words } from './texts';
import { Welcome } from './Welcome';

type Props = { support: Support; address: string };

function Steps({ title, steps }: { title: string; steps: readonly string[] }) {
  return (
    <section class="card steps">
      <h2>{title}</h2>
      <ol>
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </section>
  );
}

// Old engines and WeChat lack the clipboard interface; selecting and copying works everywhere.
async function copy(address: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(address);
    return true;
  } catch {
    const field = document.createElement('textarea');
    field.value = address;
    document.body.append(field);
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    return done;
  }
}

/**
 * Shown instead of the app where it could not keep what is recorded (WeChat, no service worker,
 * no storage), and as the installation help elsewhere. Never a pretence of working.
 */
export function Help({ support, address }: Props) {
  const t = words.value.help;
  const copied = useSignal(false);
  const android = { title: t.androidTitle, steps: [t.android1, t.android2, t.android3] };
  const ios = { title: t.iosTitle, steps: [t.ios1, t.ios2, t.ios3] };
  if (support === 'ok') {
    android.steps = android.steps.slice(1);
    ios.steps = ios.steps.slice(1);
  }
  const phones = isIos() ? [ios, android] : [android, ios];
  const leads: Record<Support, string> = {
    ok: text.value.install.lead,
    wechat: t.wechat,
    no_service_worker: t.unsupported,
    no_storage: t.unsupported,
  };
  const other = support === 'no_service_worker' || support === 'no_storage';
  return (
    <Welcome
      title={support === 'ok' ? text.value.install.title : t.title}
      still
      lead={leads[support]}
      backTo={support === 'ok' ? '/me' : undefined}
      onLanguage={
        support === 'ok'
          ? undefined
          : () => {
              void speak(language.value === 'zh' ? 'en' : 'zh');
            }
      }
      dock={
        <>
          <p class="cap center address">{address}</p>
          <Button
            kind="primary"
            size="lg"
            icon={copied.value ? 'check' : 'copy'}
            block
            onPress={() =>
              void copy(address).then((done) => {
                copied.value = done;
              })
            }
          >
            <span role="status">{copied.value ? t.copied : t.copy}</span>
          </Button>
        </>
      }
    >
      {other && <Steps title={t.updateTitle} steps={[t.update1, t.update2, t.update3]} />}
      {phones.map((phone) => (
        <Steps key={phone.title} {...phone} />
      ))}
    </Welcome>
  );
}
