/**
 * A small model of the server, for tests of the phone: it keeps operations, judges them by the few
 * rules that matter here, and answers push and pull as design section 4 says. In memory, one community.
 */
import { createDecipheriv, createECDH, createHash, type ECDH, hkdfSync } from 'node:crypto';
import { gunzipSync } from 'node:zlib';

import type { AlertRow, MyAlertRow, MyFollowUpRow } from '../contract';
import { sumOfHashes } from '../core/digest';
import { timeOf } from '../core/ids';
import type {
  Change,
  DoorWishOperation,
  HouseholdAddOperation,
  HouseholdRow,
  OperationHead,
  PullAnswer,
  PushAnswer,
  PushResult,
  Row,
  SessionAnswer,
  VisitColumns,
  VisitOperation,
  VoidOperation,
} from '../core/wire';
import { type Fact, fold } from '../features/alerts/fold';
import { TYPES } from '../features/alerts/given';
import { doorKey } from '../features/places/key';
import { foldWishes, inOrder, type WishOperation } from '../features/visits/fold';

interface Kept {
  head: OperationHead;
  text: string;
  by: string;
  moment: number;
  status: 'accepted' | 'waiting' | 'held' | 'dismissed';
  code?: string;
  capped?: boolean;
}

interface Listed {
  id: string;
  building: string;
  unit: string;
  floor: number | null;
  room: string;
  aliases: string[];
  /** Households on a list cannot be voided away. */
  listed: boolean;
}

export interface Member {
  id: string;
  name: string;
  buildings: string[];
  status: 'pending' | 'active';
}

type Numbered = { seq: number; row: Row };

interface Alert {
  basis: AlertRow;
  person: Partial<MyAlertRow>;
  workers: Set<string>;
}

export class Server {
  now = Date.parse('2026-11-22T02:00:00Z');
  epoch = 'e1';
  minClient = 1;
  /** The community's, base64; said with the next `addCommunity`. */
  publicKey: string | null = null;
  /** At most this many rows in one page. */
  page = 1_000;
  readonly kept = new Map<string, Kept>();
  readonly members = new Map<string, Member>();
  readonly pushes: string[] = [];
  /** Hashes of what came under a taken id. */
  readonly rivals = new Set<string>();
  private seq = 0;
  private readonly doors = new Map<string, Listed>();
  private readonly doorOf = new Map<string, string>();
  private readonly merged = new Map<string, Listed>();
  private readonly rows = new Map<string, Map<string, Numbered>>();
  private readonly gone = new Map<string, { id: string; seq: number }[]>();
  private token = 1;
  private readonly alerts = new Map<string, Alert>();
  private keys: ECDH | null = null;

  /** A key pair for what phones seal; call it before `addCommunity`. */
  makeKeys(): void {
    this.keys = createECDH('prime256v1');
    this.publicKey = this.keys.generateKeys().toString('base64');
  }

  /** An alert of an hour, received now, that these members work. */
  addAlert(id: string, workers: string[], person: Partial<MyAlertRow> = {}): void {
    const basis: AlertRow = {
      kind: 'alert',
      id,
      number: this.alerts.size + 1,
      level: 'high',
      status: 'open',
      step: 'new',
      received_at: this.now,
      deadline: this.now + 3_600_000,
      place: 'Block 3',
      scam_type: 'task',
      offered: workers.length === 0,
      assigned: workers,
    };
    this.alerts.set(id, { basis, person, workers: new Set(workers) });
    this.refreshAlert(id);
  }

  /** Time is up: the lead or whoever is next is called, and anybody may take it. */
  escalate(id: string, rung: string): void {
    const alert = this.alerts.get(id);
    if (alert) alert.basis = { ...alert.basis, offered: true, escalated: rung };
    this.refreshAlert(id);
  }

  /** On line: an alert is taken; false when somebody has it. */
  takeAlert(id: string, by: Member): boolean {
    const alert = this.alerts.get(id);
    if (!alert || (alert.workers.size > 0 && !alert.workers.has(by.id))) return false;
    alert.workers.add(by.id);
    this.refreshAlert(id);
    return true;
  }

  workersOf(id: string): string[] {
    return [...(this.alerts.get(id)?.workers ?? [])];
  }

  /** The row with the person, as the next pull brings it. */
  myAlert(id: string, by: Member): Row | undefined {
    return this.rows.get(`me:${by.id}`)?.get(`my_alert ${id}`)?.row;
  }

  /** It is not this member's any more: handed over, or taken away. */
  withdraw(id: string, member: string): void {
    this.alerts.get(id)?.workers.delete(member);
    this.forget(`me:${member}`, 'my_alert', id);
    this.refreshAlert(id);
  }

  addFollowUp(member: string, row: MyFollowUpRow): void {
    this.put(`me:${member}`, row as unknown as Row);
  }

  forget(bucket: string, kind: string, id: string): void {
    if (!this.rows.get(bucket)?.delete(`${kind} ${id}`)) return;
    this.gone.set(bucket, [...(this.gone.get(bucket) ?? []), { id, seq: ++this.seq }]);
  }

  private refreshAlert(id: string): void {
    const alert = this.alerts.get(id);
    if (!alert) return;
    const live = this.live().filter(({ head }) => alertOf(head) === id);
    const operations = live.map(({ head, moment, by }) => ({ ...head, moment, by }));
    const state = fold(operations as unknown as Fact[]);
    const open = state.closed_at === null;
    Object.assign(alert.basis, {
      status: open ? 'open' : 'closed',
      step: state.step,
      working: state.working,
      help: state.help,
      attempts: Object.values(state.attempts).reduce((sum, n) => sum + n, 0),
      last: state.last,
      in_contact_at: state.in_contact_at,
      outcome: state.outcome,
      closed_at: state.closed_at,
      reopened: state.reopened,
    });
    this.put('community', { ...alert.basis } as unknown as Row);
    for (const member of alert.workers) {
      if (!open) this.forget(`me:${member}`, 'my_alert', id);
      else {
        const row = { ...alert.basis, ...alert.person, kind: 'my_alert', operations };
        this.put(`me:${member}`, row as unknown as Row);
      }
    }
  }

  addMember(id: string, name: string, buildings: string[]): Member {
    const member: Member = { id, name, buildings, status: 'active' };
    this.members.set(id, member);
    this.put('community', { kind: 'member', id, name, role: 'volunteer' } as unknown as Row);
    for (const building of buildings) this.assign(id, building);
    return member;
  }

  assign(member: string, building: string, units: string[] | null = null): void {
    const row = { kind: 'assignment', id: `a-${building}`, building, units, assigned_at: this.now };
    this.put(`me:${member}`, row as unknown as Row);
    const found = this.members.get(member);
    if (found && !found.buildings.includes(building)) found.buildings.push(building);
  }

  addCommunity(target = 8_500): void {
    this.put('community', {
      kind: 'community',
      id: 1,
      name: 'Demo',
      region: 'A/B',
      timezone: 'Asia/Shanghai',
      publicity_target: target,
      app_target: 8_500,
      headline: 'publicity',
      leaflet_default: 1,
      ...(this.publicKey ? { public_key: this.publicKey } : {}),
    } as unknown as Row);
  }

  addBuilding(id: string, units: number, floors: number, rooms: number, practice = false): void {
    this.put(`building:${id}`, { kind: 'building', id, name: id, units, floors, practice } as Row);
    for (let unit = 1; unit <= units; unit++) {
      for (let floor = 1; floor <= floors; floor++) {
        for (let room = 1; room <= rooms; room++) {
          const name = `${floor}${String(room).padStart(2, '0')}`;
          this.list(id, `${id}-${unit}-${name}`, String(unit), floor, name, true);
        }
      }
    }
  }

  private list(
    building: string,
    id: string,
    unit: string,
    floor: number | null,
    room: string,
    listed: boolean,
  ): void {
    const there = [...this.doors.values()].find(
      (door) => door.building === building && doorKey(door.unit, door.room) === doorKey(unit, room),
    );
    if (there) there.aliases.push(id);
    else this.doors.set(id, { id, building, unit, floor, room, aliases: [], listed });
    this.doorOf.set(id, there?.id ?? id);
    this.refresh(there?.id ?? id);
  }

  private put(bucket: string, row: Row): void {
    let rows = this.rows.get(bucket);
    if (!rows) {
      rows = new Map();
      this.rows.set(bucket, rows);
    }
    rows.set(`${row.kind} ${row.id}`, { seq: ++this.seq, row });
  }

  /** What phones get of a door: made from the operations alone. */
  private refresh(id: string): void {
    const door = this.doors.get(id);
    if (!door) return;
    const live = this.live().filter(({ head }) => this.doorOf.get(subjectOf(head) ?? '') === id);
    const visits = live.filter(({ head }) => head.type === 'visit');
    const wishes = live
      .filter(({ head }) => head.type === 'door_wish')
      .map(({ head, moment }): WishOperation => {
        const { no_visits_until, outcome_only } = head as DoorWishOperation;
        return {
          id: head.id,
          moment,
          ...(no_visits_until ? { no_visits_until } : {}),
          ...(outcome_only ? { outcome_only } : {}),
        };
      });
    const wish = foldWishes(wishes);
    const added = live.some(({ head }) => head.type === 'household_add');
    const row: HouseholdRow = {
      kind: 'household',
      id,
      unit: door.unit,
      floor: door.floor,
      room: door.room,
      ...(door.listed || added ? {} : { retired: true as const }),
      ...(door.aliases.length > 0 ? { aliases: [...door.aliases] } : {}),
      ...(visits.length > 0 ? { visits: columnsOf(visits) } : {}),
      ...(wish ? { wish: wish as NonNullable<HouseholdRow['wish']> } : {}),
    };
    this.put(`building:${door.building}`, row);
  }

  private live(): Kept[] {
    const accepted = [...this.kept.values()].filter(({ status }) => status === 'accepted');
    const voided = new Set(
      accepted
        .filter(({ head }) => head.type === 'void')
        .map(({ head }) => (head as VoidOperation).operation),
    );
    return accepted.filter(({ head }) => !voided.has(head.id));
  }

  push(by: Member, body: string): PushAnswer {
    this.pushes.push(body);
    const results = splitOperations(body).map((text) => this.take(by, text));
    return {
      server_time: this.time(),
      epoch: this.epoch,
      min_client: this.minClient,
      results,
    };
  }

  private take(by: Member, sent: string): PushResult {
    const text = this.opened(sent);
    const head = JSON.parse(text) as OperationHead;
    const old = this.kept.get(head.id);
    if (old) {
      if (old.text !== text) {
        this.rivals.add(hashOf(text));
        return { id: head.id, status: 'held', code: 'id_taken' };
      }
      return {
        id: head.id,
        status: 'duplicate',
        present: old.status,
        ...(old.code ? { code: old.code } : {}),
      };
    }
    const own = Date.parse(head.at) + head.skew_ms;
    const capped = own > this.now + 300_000;
    const kept: Kept = {
      head,
      text,
      by: by.id,
      moment: capped ? this.now : own,
      status: 'accepted',
    };
    if (capped) kept.capped = true;
    this.kept.set(head.id, kept);
    this.judge(kept, by);
    return {
      id: head.id,
      status: kept.status,
      ...(kept.code ? { code: kept.code } : {}),
      ...(capped ? { moment: kept.moment, capped } : {}),
    };
  }

  /** What a phone could not read any more, as it was recorded. */
  private opened(text: string): string {
    const box = JSON.parse(text) as Record<'type' | 'key' | 'nonce' | 'sealed', string>;
    if (box.type !== 'sealed' || !this.keys) return text;
    const [point, nonce, sealed] = [box.key, box.nonce, box.sealed].map((part) =>
      Buffer.from(part, 'base64'),
    ) as [Buffer, Buffer, Buffer];
    const secret = this.keys.computeSecret(point);
    const key = hkdfSync('sha256', secret, new Uint8Array(), 'qiaomen operation 1', 32);
    const cipher = createDecipheriv('aes-256-gcm', Buffer.from(key), nonce);
    cipher.setAuthTag(sealed.subarray(-16));
    return cipher.update(sealed.subarray(0, -16), undefined, 'utf8') + cipher.final('utf8');
  }

  private judge(kept: Kept, by: Member): void {
    const { head } = kept;
    const about = alertOf(head);
    if (about !== null) {
      const alert = this.alerts.get(about);
      if (!alert) kept.status = 'waiting';
      else if (!alert.workers.has(by.id))
        Object.assign(kept, { status: 'held', code: 'not_yours' });
      if (kept.status === 'accepted') this.refreshAlert(about);
      return;
    }
    if (head.type === 'void') {
      const target = this.kept.get((head as VoidOperation).operation);
      if (!target) kept.status = 'waiting';
      else if (target.by !== by.id) Object.assign(kept, { status: 'held', code: 'not_yours' });
      if (kept.status === 'accepted' && target) this.refreshOf(target.head);
      return;
    }
    if (head.type === 'household_add') {
      const { household, building, unit = '', floor = null, room } = head as HouseholdAddOperation;
      this.list(building, household, unit, floor, room, false);
      this.takeUp();
      return;
    }
    const door = this.doors.get(this.doorOf.get(subjectOf(head) ?? '') ?? '');
    if (!door) kept.status = 'waiting';
    else if (!by.buildings.includes(door.building)) {
      Object.assign(kept, { status: 'held', code: 'not_assigned' });
    }
    if (kept.status === 'accepted') this.refreshOf(head);
    this.takeUp();
  }

  /** What waited for something that has come now. */
  private takeUp(): void {
    for (const kept of this.kept.values()) {
      if (kept.status !== 'waiting') continue;
      const target = kept.head.type === 'void' ? (kept.head as VoidOperation).operation : null;
      const there = target ? this.kept.has(target) : this.doorOf.has(subjectOf(kept.head) ?? '');
      if (there) this.become(kept.head.id, 'accepted');
    }
  }

  /** A coordinator releases or dismisses, or what was missing has come. */
  become(id: string, status: 'accepted' | 'dismissed'): void {
    const kept = this.kept.get(id);
    if (!kept) throw new Error(`no operation ${id}`);
    kept.status = status;
    delete kept.code;
    this.put(`me:${kept.by}`, { kind: 'result', id, status } as Row);
    const target =
      kept.head.type === 'void' ? this.kept.get((kept.head as VoidOperation).operation) : kept;
    if (target) this.refreshOf(target.head);
  }

  private refreshOf(head: OperationHead): void {
    const alert = alertOf(head);
    if (alert !== null) this.refreshAlert(alert);
    const door = this.doorOf.get(subjectOf(head) ?? '');
    if (door) this.refresh(door);
  }

  unassign(member: Member, building: string): void {
    member.buildings = member.buildings.filter((id) => id !== building);
    const bucket = `me:${member.id}`;
    this.rows.get(bucket)?.delete(`assignment a-${building}`);
    this.gone.set(bucket, [
      ...(this.gone.get(bucket) ?? []),
      { id: `a-${building}`, seq: ++this.seq },
    ]);
  }

  /** A door that a restored database never had. */
  forgetDoor(building: string, id: string): void {
    this.rows.get(`building:${building}`)?.delete(`household ${id}`);
    this.doors.delete(id);
    this.doorOf.delete(id);
  }

  /** The desk says that a door is another one: its ids mean that one now. */
  mergeDoors(stays: string, goes: string): void {
    const [into, from] = [this.listed(stays), this.listed(goes)];
    into.aliases.push(goes, ...from.aliases);
    for (const id of [goes, ...from.aliases]) this.doorOf.set(id, stays);
    this.merged.set(goes, from);
    this.doors.delete(goes);
    this.forget(`building:${from.building}`, 'household', goes);
    this.refresh(stays);
  }

  /** And that it is one of its own after all. */
  unmergeDoor(goes: string): void {
    const from = this.merged.get(goes);
    const into = this.listed(this.doorOf.get(goes) ?? '');
    if (!from) throw new Error(`${goes} is not merged`);
    const own = new Set([goes, ...from.aliases]);
    into.aliases = into.aliases.filter((id) => !own.has(id));
    for (const id of own) this.doorOf.set(id, goes);
    this.doors.set(goes, from);
    this.refresh(goes);
    this.refresh(into.id);
  }

  /** Buildings were merged, or parted: a door stands in another one now. */
  moveDoor(id: string, building: string): void {
    const door = this.listed(id);
    this.forget(`building:${door.building}`, 'household', id);
    door.building = building;
    this.refresh(id);
  }

  private listed(id: string): Listed {
    const door = this.doors.get(id);
    if (!door) throw new Error(`no door ${id}`);
    return door;
  }

  /** A backup came back: everything since is lost, and the epoch is another. */
  restore(forget: (id: string) => boolean): void {
    this.epoch = `e${Number(this.epoch.slice(1)) + 1}`;
    for (const id of [...this.kept.keys()]) if (forget(id)) this.kept.delete(id);
    for (const id of this.doors.keys()) this.refresh(id);
  }

  pull(by: Member, body: { cursors: Record<string, string>; only?: string[] }): PullAnswer {
    const all = ['community', 'me', ...by.buildings.map((id) => `building:${id}`)];
    const scope = all.filter((bucket) => body.only?.includes(bucket) ?? true);
    const changes: Record<string, Change> = {};
    let room = this.page;
    let more = false;
    for (const bucket of scope) {
      const [epoch, at] = (body.cursors[bucket] ?? '').split('.');
      const known = epoch === this.epoch && Number(at) <= this.seq;
      const since = known ? Number(at) : 0;
      const inside = bucket === 'me' ? `me:${by.id}` : bucket;
      const fresh = [...(this.rows.get(inside)?.values() ?? [])]
        .filter(({ seq }) => seq > since)
        .sort((a, b) => a.seq - b.seq);
      const gone = (this.gone.get(inside) ?? []).filter(({ seq }) => seq > since);
      const part = fresh.slice(0, Math.max(0, room));
      const last = part.at(-1)?.seq ?? since;
      room -= part.length;
      const whole = part.length === fresh.length;
      more ||= !whole;
      if (known && fresh.length + gone.length === 0) continue;
      if (part.length === 0 && !whole) continue;
      changes[bucket] = {
        cursor: `${this.epoch}.${whole ? this.seq : last}`,
        rows: part.map(({ row }) => structuredClone(row)),
        gone: gone.map(({ id }) => id),
        ...(known ? {} : { reset: true }),
      };
    }
    return { scope, changes, more, server_time: this.time(), epoch: this.epoch };
  }

  session(by: Member, device: { id: string; name: string; key?: string }): SessionAnswer {
    return {
      device,
      person: { id: 1, name: by.name },
      member: { id: by.id, role: 'volunteer', status: by.status, lead: false, deputy: false },
      community: { id: 1, name: 'Demo', region: 'A/B', timezone: 'Asia/Shanghai' },
      csrf_token: `t${this.token}`,
      server_time: this.time(),
      epoch: this.epoch,
    };
  }

  /** Tokens given before are refused from now on. */
  expireTokens(): void {
    this.token += 1;
  }
  tokenGood(token: string | null): boolean {
    return token === `t${this.token}`;
  }

  /** The truth, to compare phones with. */
  truth(building: string): HouseholdRow[] {
    return [...(this.rows.get(`building:${building}`)?.values() ?? [])]
      .map(({ row }) => row)
      .filter((row): row is Row & HouseholdRow => row.kind === 'household');
  }

  /** What is stored from a member's phones; every one of them counts as one device here. */
  receipt(by: Member): { count: number; digest: string } {
    const own = [...this.kept.values()].filter((kept) => kept.by === by.id);
    return { count: own.length, digest: sumOfHashes(own.map(({ text }) => hashOf(text))) };
  }

  compare(pairs: [string, string][]): { missing: string[]; different: string[] } {
    const missing = pairs.filter(([id]) => !this.kept.has(id)).map(([id]) => id);
    const different = pairs
      .filter(([id, hash]) => {
        const kept = this.kept.get(id);
        return kept && hashOf(kept.text) !== hash && !this.rivals.has(hash);
      })
      .map(([id]) => id);
    return { missing, different };
  }

  private time(): string {
    return new Date(this.now).toISOString();
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A request's body, inflated if the phone compressed it. */
export function bodyText(body: unknown): string {
  return body instanceof Uint8Array ? gunzipSync(body).toString() : String(body ?? '{}');
}

function subjectOf(head: OperationHead): string | null {
  return head.type === 'void' ? null : ((head as VisitOperation).household ?? null);
}

const alertOf = (head: OperationHead): string | null =>
  TYPES.includes(head.type) ? (head as OperationHead & { alert: string }).alert : null;

function columnsOf(visits: Kept[]): VisitColumns {
  const ordered = visits
    .map((kept) => ({ ...kept, id: kept.head.id, visit: kept.head as VisitOperation }))
    .sort(inOrder);
  return {
    id: ordered.map(({ id }) => id),
    off: ordered.map(({ id, moment }) => moment - timeOf(id)),
    by: ordered.map(({ by }) => by),
    outcome: ordered.map(({ visit }) => visit.outcome),
    app: ordered.map(({ visit }) => visit.app ?? null),
    flags: ordered.map(({ visit }) => visit.flags ?? null),
    leaflets: ordered.map(({ visit }) => visit.leaflets?.general ?? 0),
    follow_up_on: ordered.map(({ visit }) => visit.follow_up_on ?? null),
    note: ordered.map(({ visit }) => visit.note ?? null),
  };
}

/** The elements' own bytes, as the server takes them with `msgspec.Raw`. */
export function splitOperations(body: string): string[] {
  const inside = body.slice(body.indexOf('[') + 1, body.lastIndexOf(']'));
  const texts: string[] = [];
  let depth = 0;
  let from = 0;
  let quoted = false;
  for (let i = 0; i < inside.length; i++) {
    const char = inside[i];
    if (quoted) {
      if (char === '\\') i++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') {
      depth--;
      if (depth === 0) {
        texts.push(inside.slice(from, i + 1));
        from = i + 2;
      }
    }
  }
  return texts;
}
