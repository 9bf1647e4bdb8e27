/** What the phone has of alerts; the screens, which are loaded later, make of it what they show. */
import { signal } from '@preact/signals';
import type { AlertRow, MyAlertRow, MyFollowUpRow } from '../../contract';
import type { OwnOperation } from '../../sync/operations';

export interface Given {
  /** The team's list: no person, no room. */
  team: readonly AlertRow[];
  /** Those that I work, with the person. */
  mine: readonly MyAlertRow[];
  dues: readonly MyFollowUpRow[];
  /** Own operations about alerts that no complete pull covers yet. */
  own: readonly OwnOperation[];
  me: string;
  coordinator: boolean;
}

export const NOTHING: Given = {
  team: [],
  mine: [],
  dues: [],
  own: [],
  me: '',
  coordinator: false,
};

export const given = signal<Given>(NOTHING);

/** The types of what is recorded of alerts. */
export const TYPES: readonly string[] = [
  'alert_join',
  'alert_attempt',
  'alert_outcome',
  'follow_up',
];

/** Which alert an operation is about; null for others, and for what cannot be read any more. */
export function alertOf({ type, text, sealed }: OwnOperation): string | null {
  if (sealed || !TYPES.includes(type)) return null;
  return (JSON.parse(text) as { alert?: string }).alert ?? null;
}

/** Also what takes such an operation back. */
export const isAboutAlerts = ({ type, voids }: OwnOperation): boolean =>
  TYPES.includes(type) || (voids !== undefined && TYPES.includes(voids));
