import { day } from '../../core/field';
import { Facts } from '../../ui/Facts';
import { when } from '../../ui/format';
import type { State } from './fold';
import type { Working } from './lay';
import { yuanOf } from './money';
import { words } from './texts';

function Amount({ label, fen, more }: { label: string; fen: number; more?: string }) {
  return (
    <div>
      <span class="grow">
        {label}
        {more && (
          <>
            <br />
            <span class="cap">{more}</span>
          </>
        )}
      </span>
      <b class="nowrap">
        {yuanOf(fen)} <small>{words.value.attempt.yuan}</small>
      </b>
    </div>
  );
}

function stopWords({ stop_payment: stop }: State): string[] {
  const t = words.value;
  if (!stop) return [t.alert.stopNone];
  return [
    t.decision[stop.decision],
    t.alert.stopBy(stop.via ? t.via[stop.via] : '', stop.bank ?? ''),
    stop.amount ? yuanOf(stop.amount) : '',
    stop.confirmed_by ?? '',
    stop.at ? when(Date.parse(stop.at), day()) : '',
  ];
}

/** What is at stake, what the bank holds, and the decision that every alert needs. */
export function Stakes({ working, onStop }: { working: Working; onStop: () => void }) {
  const t = words.value.alert;
  const { row, state } = working;
  const said = state.at_risk ?? row.amount ?? null;
  return (
    <>
      <div class="section">
        <h2>{t.money}</h2>
        <button type="button" class="link" onClick={onStop}>
          {t.stopAdd}
        </button>
      </div>
      <section class="card rows money" aria-label={t.money}>
        {said !== null && <Amount label={state.at_risk === null ? t.said : t.atRisk} fen={said} />}
        {state.remaining !== null && (
          <Amount
            label={t.remaining}
            fen={state.remaining}
            more={state.frozen ? t.frozen : t.notFrozen}
          />
        )}
        <div>
          <span class="grow wrap">
            <Facts of={stopWords(state)} />
          </span>
        </div>
      </section>
    </>
  );
}
