import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { membersOnThisPhone, saveLocked, signIn, state } from '../../core/field';
import type { KnownMember, SignInResult } from '../../core/types';
import { text } from '../../i18n';
import { Button } from '../../ui/Button';
import { Facts } from '../../ui/Facts';
import { Field } from '../../ui/Field';
import { Notice } from '../../ui/Notice';
import { back, go, href } from '../../ui/router';
import { words as outbox } from '../operations/texts';
import { Password } from './Password';
import { PhoneNotices } from './PhoneNotices';
import { accountProblem } from './problems';
import { words } from './texts';
import { Welcome } from './Welcome';

type Communities = { id: number; name: string }[];

function Choose({
  communities,
  onPick,
}: {
  communities: Communities;
  onPick: (id: number) => void;
}) {
  return (
    <Welcome title={text.value.app.community} lead={words.value.signIn.choose}>
      <div class="choices">
        {communities.map((community) => (
          <Button
            key={community.id}
            kind="secondary"
            size="lg"
            block
            onPress={() => onPick(community.id)}
          >
            {community.name}
          </Button>
        ))}
      </div>
    </Welcome>
  );
}

// Whoever signed out with work unsent sees that it is still here.
function Kept() {
  const kept = useSignal<KnownMember[]>([]);
  useEffect(() => {
    membersOnThisPhone().then(
      (found) => {
        kept.value = found.filter((member) => member.unsent > 0);
      },
      () => undefined,
    );
  }, [kept]);
  return (
    <>
      {kept.value.map((member) => (
        <Notice key={member.device} icon="cloudUp" tone="warn">
          <Facts of={[member.person.name, member.community.name]} />
          <br />
          {member.locked
            ? words.value.signIn.lockedWork(member.unsent)
            : words.value.signIn.kept(member.unsent)}
          {member.locked && (
            <button type="button" class="link" onClick={() => void saveLocked(member.device)}>
              {outbox.value.outbox.rescue}
            </button>
          )}
        </Notice>
      ))}
    </>
  );
}

/** Sign in by login or phone number; the same form renews a session that ran out. */
export function SignIn() {
  const t = words.value.signIn;
  const session = state.session.value;
  const again = session.state === 'sign_in_again';
  const login = useSignal(again ? session.login : '');
  const password = useSignal('');
  const busy = useSignal(false);
  const problem = useSignal('');
  const communities = useSignal<Communities | null>(null);

  const settle = (result: SignInResult): void => {
    if (result.kind === 'done') go('/', { replace: true });
    else if (result.kind === 'choose_community') communities.value = result.communities;
    else problem.value = accountProblem(result.code, result.retryAfter);
  };
  const send = async (community?: number): Promise<void> => {
    if (busy.value) return;
    problem.value = login.value.trim() && password.value ? '' : t.missing;
    if (problem.value) return;
    busy.value = true;
    try {
      settle(await signIn(login.value.trim(), password.value, community));
    } catch {
      problem.value = text.value.common.unknown;
    } finally {
      busy.value = false;
    }
  };

  if (communities.value) {
    return (
      <Choose
        communities={communities.value}
        onPick={(id) => {
          communities.value = null;
          void send(id);
        }}
      />
    );
  }
  return (
    <Welcome
      title={t.title}
      lead={again ? t.again : t.lead}
      dock={
        <>
          <Button kind="primary" size="lg" block disabled={busy.value} onPress={() => void send()}>
            {busy.value ? t.busy : t.submit}
          </Button>
          {again ? (
            <Button kind="quiet" block onPress={() => back('/')}>
              {t.notNow}
            </Button>
          ) : (
            <a class="btn block" data-kind="quiet" href={href('/join')}>
              {t.join}
            </a>
          )}
        </>
      }
    >
      <PhoneNotices />
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Field label={t.login}>
          {({ id }) => (
            <input
              id={id}
              class="input"
              autocomplete="username"
              autocapitalize="off"
              autocorrect="off"
              spellcheck={false}
              value={login.value}
              onInput={(event) => {
                login.value = event.currentTarget.value;
              }}
            />
          )}
        </Field>
        <Field label={t.password} error={problem.value || undefined}>
          {({ id, describedBy }) => (
            <Password
              id={id}
              describedBy={describedBy}
              invalid={problem.value !== ''}
              value={password.value}
              onInput={(value) => {
                password.value = value;
              }}
            />
          )}
        </Field>
        <p class="cap">{t.forgot}</p>
        <button type="submit" class="vh" tabIndex={-1} aria-hidden="true" />
      </form>
      <Kept />
    </Welcome>
  );
}
