import type { ComponentChildren } from 'preact';
import { state } from '../../core/field';
import type { BuildingSummary } from '../../core/types';
import { text } from '../../i18n';
import { CoverageBar } from '../../ui/CoverageBar';
import { percent } from '../../ui/format';

type Props = { building: BuildingSummary; children: ComponentChildren };

/** The building's rate, what it counts, and how many homes are missing to the target. */
export function Head({ building, children }: Props) {
  const t = text.value.building;
  const { counts, rate, target, toTarget } = building;
  const app = state.community.value?.headline === 'app';
  const counted = app
    ? t.installed(counts.installed, counts.occupied)
    : t.reached(counts.reached, counts.occupied);
  return (
    <section class="cov" aria-label={t.coverage}>
      <div class="t">
        <b>{percent(rate)}</b>
        <p>
          {counted}
          <br />
          {building.practice ? (
            text.value.common.practiceHint
          ) : toTarget > 0 ? (
            <>
              {t.more}
              <strong>{text.value.common.homes(toTarget)}</strong>
              {t.moreTail}
            </>
          ) : (
            rate !== null && t.onTarget
          )}
          {!building.yours && ` ${t.notYours}`}
        </p>
        {children}
      </div>
      <div class="covbar-flag" style={{ '--target': target / 100 }}>
        <span>{t.target(percent(target))}</span>
      </div>
      <CoverageBar rate={rate ?? 0} target={target} size="lg" />
    </section>
  );
}
