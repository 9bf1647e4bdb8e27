import { clock } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { Notice } from '../../ui/Notice';
import { href } from '../../ui/router';
import { DutyRow } from './DutyRow';
import { given } from './given';
import { words } from './texts';
import './duty.css';

/** On the first screen: my shift, my badge, and for those who lead who should be back. */
export function DutyCard() {
  const t = words.value;
  const { badge, late } = given.value;
  const last = badge?.checks[0];
  return (
    <>
      {late.map(({ id, name, until }) => (
        <Notice key={id} tone="warn" icon="warn" alert>
          <b>{t.duty.late(name, clock(until ?? 0))}</b>
          <br />
          {t.duty.lateLead}
        </Notice>
      ))}
      <section class="card rows duty" aria-label={t.duty.title}>
        <DutyRow />
        {badge && (
          <a class="row" href={href('/badge')}>
            <Icon name="badge" />
            <span class="grow">
              <b>{t.badge.title}</b> <span class="num">{badge.number}</span>
              {last !== undefined && (
                <>
                  <br />
                  <span class="cap">{t.badge.checked(clock(last))}</span>
                </>
              )}
            </span>
            <Icon name="right" size="s" />
          </a>
        )}
      </section>
    </>
  );
}
