import { signOut, state, syncNow } from '../../core/field';
import { Blank } from '../../ui/Blank';
import { Button } from '../../ui/Button';
import { words } from './texts';
import { Welcome } from './Welcome';

/** Joined, not yet confirmed: shows the name that the coordinator looks for, opens by itself. */
export function Pending() {
  const t = words.value.pending;
  const session = state.session.value;
  if (session.state !== 'pending') return null;
  const { online } = state.sync.value;
  return (
    <Welcome
      title={t.title}
      lead={t.lead(session.community.name)}
      dock={
        <>
          <Button
            kind="primary"
            size="lg"
            icon="refresh"
            block
            disabled={!online}
            onPress={() => void syncNow()}
          >
            {online ? t.refresh : t.offline}
          </Button>
          <Button kind="quiet" block onPress={() => void signOut('safe')}>
            {t.signOut}
          </Button>
        </>
      }
    >
      <section class="card whoami">
        <div>
          <p class="cap">{t.you}</p>
          <b class="welcome-title">{session.person.name}</b>
        </div>
        <div>
          <p class="cap">{t.community}</p>
          <b>{session.community.name}</b>
        </div>
      </section>
      <Blank tone="wait" title={t.checking} />
    </Welcome>
  );
}
