/** What the phone has of trust; the screens, which are loaded later, make of it what they show. */
import { signal } from '@preact/signals';
import type { Row } from '../../core/wire';
import type { OwnOperation } from '../../sync/operations';
import type { Duty } from './shift';

/** A member's badge; moments in milliseconds UTC. */
export interface BadgeRow extends Row {
  kind: 'badge';
  id: string;
  /** As it is shown: 甲-0218. */
  number: string;
  /** The same as a number, for the QR code. */
  digits: number;
  status: 'active' | 'suspended' | 'revoked';
  /** The phone that holds its key, if one does. */
  device: string | null;
  device_name: string | null;
  work_phone: string | null;
  /** Which photo: another one has another digest. */
  photo: string | null;
  /** When residents checked it last, the latest first. */
  checks: number[];
}

export interface ShiftRow extends Row {
  kind: 'shift';
  since: number | null;
  until: number | null;
}

/** For those who lead: nulls once word has come. */
export interface LateRow extends Row {
  kind: 'late_shift';
  name: string;
  since: number | null;
  until: number | null;
}

/** The badge's key and what it stands for, as this phone keeps it. */
export interface Kept {
  badge: string;
  key: CryptoKey;
  photo?: { digest: string; bytes: ArrayBuffer };
}

export interface Given {
  badge: BadgeRow | null;
  /** The own shift as the server folded it. */
  shift: Duty | null;
  late: readonly LateRow[];
  /** Own shift operations that no complete pull covers yet. */
  own: readonly OwnOperation[];
  /** This phone. */
  device: string;
  kept: Kept | null;
}

export const NOTHING: Given = {
  badge: null,
  shift: null,
  late: [],
  own: [],
  device: '',
  kept: null,
};

export const given = signal<Given>(NOTHING);
