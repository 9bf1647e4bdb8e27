import type { FailureCode } from '../../core/types';
import { text } from '../../i18n';

const SECONDS = 60;

/** Why signing in or joining did not work, in words that say what to do next. */
export function accountProblem(code: FailureCode, retryAfter?: number): string {
  const { signIn, join, common } = text.value;
  const words: Record<string, string> = {
    offline: signIn.offline,
    server: signIn.server,
    sign_in_failed: signIn.wrong,
    locked: signIn.locked(Math.max(1, Math.ceil((retryAfter ?? SECONDS) / SECONDS))),
    not_found: join.notFound,
    invite_not_found: join.notFound,
    invite_expired: join.expired,
    expired: join.expired,
    gone: join.expired,
    taken: join.taken,
    phone_taken: join.taken,
    login_taken: join.taken,
    weak_password: join.needPassword,
    too_many: join.slow,
  };
  return words[code] ?? common.unknown;
}
