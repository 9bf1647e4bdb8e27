import { useSignal } from '@preact/signals';
import { signOut, state, syncNow } from '../../core/field';
import { text } from '../../i18n';
import { Button } from '../../ui/Button';
import { Notice } from '../../ui/Notice';
import { go } from '../../ui/router';
import { Sheet } from '../../ui/Sheet';
import { toast } from '../../ui/Toast';
import { words as outbox } from '../operations/texts';
import { words } from './texts';

/** Signing out refuses while something is unsent, unless the person says so in so many words. */
export function SignOutSheet({ onClose }: { onClose: () => void }) {
  const t = words.value.me;
  const { online, unsent: counted } = state.sync.value;
  const refused = useSignal<number | null>(counted > 0 ? counted : null);
  const understood = useSignal(false);
  const leave = async (choice: 'safe' | 'keep'): Promise<void> => {
    try {
      const result = await signOut(choice);
      if (result.kind === 'refused') refused.value = result.unsent;
      else go('/', { replace: true });
    } catch {
      toast({ title: text.value.common.unknown });
    }
  };
  const sendFirst = async (): Promise<void> => {
    await syncNow();
    const { unsent } = state.sync.value;
    refused.value = unsent > 0 ? unsent : null;
  };
  const unsent = refused.value;
  return (
    <Sheet
      title={t.signOutTitle}
      alert
      onClose={onClose}
      foot={
        unsent === null ? (
          <Button kind="primary" size="lg" block onPress={() => void leave('safe')}>
            {t.signOut}
          </Button>
        ) : (
          <>
            <Button
              kind="secondary"
              block
              disabled={!understood.value}
              onPress={() => void leave('keep')}
            >
              {t.signOut}
            </Button>
            <Button
              kind="primary"
              size="lg"
              icon="cloudUp"
              block
              disabled={!online}
              onPress={() => void sendFirst()}
            >
              {online ? t.sendFirst : outbox.value.outbox.waitNetwork}
            </Button>
          </>
        )
      }
    >
      {unsent === null ? (
        <p>{t.signOutLead}</p>
      ) : (
        <>
          <Notice icon="cloudUp" tone="warn">
            <b>{t.unsent(unsent)}</b>
          </Notice>
          <p>{t.unsentLead}</p>
          <label class="switch">
            <input
              type="checkbox"
              checked={understood.value}
              onChange={(event) => {
                understood.value = event.currentTarget.checked;
              }}
            />
            <span class="grow">{t.signOutAnyway}</span>
          </label>
        </>
      )}
    </Sheet>
  );
}
