import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { join, readInvite, readInviteCode } from '../../core/field';
import type { Invite, InviteResult } from '../../core/types';
import { text } from '../../i18n';
import { Blank } from '../../ui/Blank';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { Icon } from '../../ui/Icon';
import { go, href } from '../../ui/router';
import { CODE_LENGTH, CodeBoxes } from './CodeBoxes';
import { Password } from './Password';
import { accountProblem } from './problems';
import { words } from './texts';
import { Welcome } from './Welcome';

const PASSWORD_MIN = 8;

function SignInLink() {
  return (
    <a class="btn block" data-kind="quiet" href={href('/sign-in')}>
      {words.value.join.signIn}
    </a>
  );
}

function Invited({ invite }: { invite: Invite }) {
  const t = words.value.join;
  const invited = invite.role === 'coordinator' ? t.invitedCoordinator : t.invitedBy;
  return (
    <section class="card invited">
      <Icon name="check" />
      <div>
        <b>{invite.communityName}</b>
        <p class="cap">{invited(invite.invitedBy)}</p>
      </div>
    </section>
  );
}

function Vows() {
  const t = words.value.join;
  return (
    <ul class="vows" aria-label={t.promises}>
      {[t.vow1, t.vow2, t.vow3].map((vow) => (
        <li key={vow}>
          <Icon name="check" size="s" />
          {vow}
        </li>
      ))}
    </ul>
  );
}

type Wrong = { name?: string; phone?: string; password?: string; all?: string };

function check(invite: Invite, name: string, phone: string, password: string): Wrong {
  const t = words.value.join;
  const wrong: Wrong = {};
  if (invite.purpose === 'join') {
    if (!name.trim()) wrong.name = t.needName;
    if (!/^\+?\d{7,15}$/.test(phone.replace(/[\s-]/g, ''))) wrong.phone = t.needPhone;
  }
  if (password.length < PASSWORD_MIN) wrong.password = t.needPassword;
  return wrong;
}

/** Name, phone, password, three promises and one consent. */
function Accept({ invite }: { invite: Invite }) {
  const t = words.value.join;
  const reset = invite.purpose === 'reset';
  const name = useSignal(invite.name ?? '');
  const phone = useSignal(invite.phone ?? '');
  const password = useSignal('');
  const wrong = useSignal<Wrong>({});
  const busy = useSignal(false);
  const send = async (): Promise<void> => {
    if (busy.value) return;
    wrong.value = check(invite, name.value, phone.value, password.value);
    if (Object.keys(wrong.value).length > 0) return;
    busy.value = true;
    try {
      const digits = phone.value.replace(/[\s-]/g, '');
      const result = await join(invite.token, name.value.trim(), digits, password.value);
      if (result.kind === 'done') go('/', { replace: true });
      else if (result.kind === 'choose_community') go('/sign-in', { replace: true });
      else wrong.value = { all: accountProblem(result.code, result.retryAfter) };
    } catch {
      wrong.value = { all: text.value.common.unknown };
    } finally {
      busy.value = false;
    }
  };
  return (
    <Welcome
      title={reset ? t.reset : t.joinTitle(invite.communityName)}
      lead={reset ? t.resetLead : undefined}
      dock={
        <>
          {wrong.value.all && (
            <p class="error center" role="alert">
              {wrong.value.all}
            </p>
          )}
          <Button kind="primary" size="lg" block disabled={busy.value} onPress={() => void send()}>
            {busy.value ? t.busy : reset ? t.setPassword : t.agree}
          </Button>
        </>
      }
    >
      <Invited invite={invite} />
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        {!reset && (
          <>
            <Field label={t.name} hint={t.nameHint} error={wrong.value.name}>
              {({ id, describedBy }) => (
                <input
                  id={id}
                  class="input"
                  autocomplete="name"
                  maxLength={40}
                  aria-describedby={describedBy}
                  aria-invalid={wrong.value.name !== undefined}
                  value={name.value}
                  onInput={(event) => {
                    name.value = event.currentTarget.value;
                  }}
                />
              )}
            </Field>
            <Field label={t.phone} hint={t.phoneHint} error={wrong.value.phone}>
              {({ id, describedBy }) => (
                <input
                  id={id}
                  class="input num"
                  type="tel"
                  autocomplete="tel"
                  aria-describedby={describedBy}
                  aria-invalid={wrong.value.phone !== undefined}
                  value={phone.value}
                  onInput={(event) => {
                    phone.value = event.currentTarget.value;
                  }}
                />
              )}
            </Field>
          </>
        )}
        <Field label={t.password} hint={t.passwordHint} error={wrong.value.password}>
          {({ id, describedBy }) => (
            <Password
              id={id}
              describedBy={describedBy}
              invalid={wrong.value.password !== undefined}
              fresh
              value={password.value}
              onInput={(value) => {
                password.value = value;
              }}
            />
          )}
        </Field>
        <button type="submit" class="vh" tabIndex={-1} aria-hidden="true" />
      </form>
      {!reset && <Vows />}
    </Welcome>
  );
}

type CodeProps = { problem: string; onCode: (code: string) => void; busy: boolean };

function TypeCode({ problem, onCode, busy }: CodeProps) {
  const t = words.value.join;
  const code = useSignal('');
  return (
    <Welcome
      title={t.title}
      lead={t.lead}
      dock={
        <>
          <Button
            kind="primary"
            size="lg"
            block
            disabled={busy || code.value.length < CODE_LENGTH}
            onPress={() => onCode(code.value)}
          >
            {busy ? t.checking : t.check}
          </Button>
          <SignInLink />
        </>
      }
    >
      <CodeBoxes
        value={code.value}
        invalid={problem !== ''}
        onChange={(value) => {
          code.value = value;
          if (value.length === CODE_LENGTH) onCode(value);
        }}
      />
      {problem && (
        <p class="error" role="alert">
          {problem}
        </p>
      )}
    </Welcome>
  );
}

/** Join by the link that the coordinator sent, or by the code that they read out. */
export function Join({ token }: { token: string | null }) {
  const t = words.value.join;
  const invite = useSignal<Invite | null>(null);
  const problem = useSignal('');
  const busy = useSignal(token !== null);
  const ask = async (question: Promise<InviteResult>): Promise<void> => {
    busy.value = true;
    problem.value = '';
    try {
      const result = await question;
      if (result.kind === 'invite') invite.value = result.invite;
      else problem.value = accountProblem(result.code, result.retryAfter);
    } catch {
      problem.value = text.value.common.unknown;
    } finally {
      busy.value = false;
    }
  };
  useEffect(() => {
    if (token) void ask(readInvite(token));
  }, [token]);

  if (invite.value) return <Accept invite={invite.value} />;
  if (!token) {
    return (
      <TypeCode
        problem={problem.value}
        busy={busy.value}
        onCode={(code) => {
          if (!busy.value) void ask(readInviteCode(code));
        }}
      />
    );
  }
  if (busy.value) {
    return (
      <Welcome title={t.checking}>
        <Blank tone="wait" title={t.checking} />
      </Welcome>
    );
  }
  return (
    <Welcome
      title={problem.value}
      dock={
        <>
          <Button kind="primary" size="lg" block onPress={() => void ask(readInvite(token))}>
            {text.value.common.retry}
          </Button>
          <a class="btn block" data-kind="quiet" href={href('/join')}>
            {t.title}
          </a>
        </>
      }
    />
  );
}
