import type { FailureCode } from '../../core/types';
import { text } from '../../i18n';
import { words } from './texts';

const SECONDS = 60;

/** Why signing in or joining did not work, in words that say what to do next. */
export function accountProblem(code: FailureCode, retryAfter?: number): string {
  const { signIn, join } = words.value;
  const known: Record<string, string> = {
    offline: signIn.offline,
    server: signIn.server,
    sign_in_failed: signIn.wrong,
    locked: signIn.locked(Math.max(1, Math.ceil((retryAfter ?? SECONDS) / SECONDS))),
    no_membership: signIn.noMembership,
    membership_ended: signIn.noMembership,
    device_revoked: signIn.revoked,
    not_found: join.notFound,
    invite_unknown: join.notFound,
    invite_code_wrong: join.notFound,
    invite_expired: join.expired,
    invite_used: join.expired,
    phone_known: join.taken,
    phone_invalid: join.needPhone,
    name_invalid: join.needName,
    password_short: join.needPassword,
    password_easy: join.easyPassword,
    password_empty: join.needPassword,
  };
  return known[code] ?? text.value.common.unknown;
}
