/** What is not settled, for the outbox screen: what waits here, what waits there, and why. */
import { lastOf } from '../../core/lastOf';
import type { OutboxItem, OutboxStatus, Remark } from '../../core/types';
import type { VisitColumns, VisitOperation } from '../../core/wire';
import type { Notice } from '../../sync/desk';
import type { OwnOperation } from '../../sync/operations';
import { isAboutAlerts, TYPES } from '../alerts/given';
import { momentOf, parsed } from './draw';

export interface Lookup {
  nameOf(building: string): string | null;
  /** The server's visits at the operation's door, if they are at hand. */
  visitsOf(operation: OwnOperation): VisitColumns | undefined;
  memberName(id: string): string | null;
  alertNumber(operation: OwnOperation): number | null;
  me: string;
}

/** Somebody else's visit this close to mine is worth a word; both stay (milliseconds). */
const SAME_ROUND = 12 * 3_600_000;

export function outboxOf(operations: Iterable<OwnOperation>, lookup: Lookup): OutboxItem[] {
  const items: OutboxItem[] = [];
  for (const operation of operations) {
    const { status } = operation;
    if (status === 'accepted' || status === 'dismissed') continue;
    items.push(itemOf(operation, status, lookup));
  }
  return items.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function itemOf(operation: OwnOperation, status: OutboxStatus, lookup: Lookup): OutboxItem {
  const { id, type, moment, code, field, message, building, door } = operation;
  const visit = type === 'visit' ? parsed<VisitOperation>(operation) : null;
  return {
    id,
    type: isAboutAlerts(operation) ? 'alert' : (type as OutboxItem['type']),
    moment,
    status,
    ...(code ? { code } : {}),
    ...(field ? { field } : {}),
    ...(message ? { message } : {}),
    buildingName: building === null ? null : lookup.nameOf(building),
    door,
    outcome: visit?.outcome ?? null,
    alsoBy: visit ? alsoBy(operation, lookup) : null,
    alert: lookup.alertNumber(operation),
  };
}

function alsoBy(operation: OwnOperation, lookup: Lookup): string | null {
  const visits = lookup.visitsOf(operation);
  if (!visits) return null;
  const others = visits.by.filter(
    (by, i) => by !== lookup.me && Math.abs(momentOf(visits, i) - operation.moment) < SAME_ROUND,
  );
  const by = lastOf(others);
  return by ? lookup.memberName(by) : null;
}

export function remarksOf(
  notices: Readonly<Record<string, Notice>>,
  nameOf: Lookup['nameOf'],
): Remark[] {
  const remarks = Object.values(notices).map(({ kind, code, operation }): Remark => {
    const { id, type, text, moment, building, door } = operation;
    const outcome = type === 'visit' ? (JSON.parse(text) as VisitOperation).outcome : null;
    const buildingName = building === null ? null : nameOf(building);
    const alert = TYPES.includes(type);
    const trick = type === 'scam_note';
    return { id, kind, code, moment, buildingName, door, outcome, alert, trick };
  });
  return remarks.sort((a, b) => b.moment - a.moment);
}
