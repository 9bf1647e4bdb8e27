/**
 * The rescue file: own operations as they would be pushed, encrypted to the community's public key
 * and signed with the device's own. The desk imports it with the same result as the push. The phone
 * cannot read it back.
 */
import { toBase64 } from '../core/bytes';
import { dayOf } from '../core/clock';
import type { PhoneMember } from '../core/phone';
import { openMember, type Store } from '../core/storage';
import type { RescueChoice, RescueResult } from '../core/types';
import { seal } from './boxes';
import type { Desk, Meta } from './desk';
import { deviceOf } from './device';
import { type OwnOperation, recorded } from './operations';
import { bodyOf } from './push';

const FORMAT = 'qiaomen-rescue-1';
const INFO = 'qiaomen rescue 1';

/** Everything that is still at hand; what the server refused it would refuse again. */
async function chosen(desk: Desk, choice: RescueChoice): Promise<OwnOperation[]> {
  const outbox = [...desk.operations.values()].filter(recorded);
  if (choice === 'unsent') return outbox.filter(({ status }) => status === 'unsent').sort(byId);
  const log = await desk.store.read(['log'], (tx) => tx.all<OwnOperation>('log'));
  return [...log.filter(recorded), ...outbox].sort(byId);
}

const byId = (a: OwnOperation, b: OwnOperation): number => (a.id < b.id ? -1 : 1);

export const countLog = async (desk: Desk): Promise<number> => (await chosen(desk, 'all')).length;

export async function saveRescue(desk: Desk, choice: RescueChoice): Promise<RescueResult> {
  const { store, member, meta, clock } = desk;
  return save({ store, member, meta, now: clock.now() }, await chosen(desk, choice));
}

/** What is locked in a revoked phone's database, which nobody works in any more. */
export async function saveLocked(member: PhoneMember): Promise<RescueResult> {
  const store = await openMember(member.db);
  try {
    const [meta, outbox] = await store.read(['meta', 'outbox'], (tx) =>
      Promise.all([tx.get<Meta>('meta', 'sync'), tx.all<OwnOperation>('outbox')]),
    );
    const operations = outbox.filter(({ status }) => status === 'unsent');
    if (!meta) return { kind: 'failed', code: 'no_key' };
    return await save({ store, member, meta, now: Date.now() }, operations);
  } finally {
    store.close();
  }
}

interface Source {
  store: Store;
  member: PhoneMember;
  meta: Pick<Meta, 'publicKey' | 'skew'>;
  now: number;
}

async function save(source: Source, operations: OwnOperation[]): Promise<RescueResult> {
  const { store, member, meta, now } = source;
  if (operations.length === 0) return { kind: 'failed', code: 'nothing' };
  if (!meta.publicKey) return { kind: 'failed', code: 'no_key' };
  const device = await deviceOf(store);
  const text = await rescueFile(bodyOf(operations, now), {
    community: member.community.id,
    device: member.device.id,
    publicKey: meta.publicKey,
    ...(device?.key ? { key: device.key } : {}),
  });
  const day = dayOf(now + meta.skew, member.community.timezone);
  const name = `qiaomen-${day}.qiaomen`;
  const file = new File([text], name, { type: 'application/octet-stream' });
  const handed = await hand(file);
  if (handed === 'cancelled') return { kind: 'failed', code: 'cancelled' };
  return { kind: 'saved', count: operations.length, name, shared: handed === 'shared' };
}

export interface Sealing {
  community: number;
  device: string;
  /** The community's point, base64. */
  publicKey: string;
  /** Without it everything in the file has to be looked at by hand. */
  key?: CryptoKey;
}

/** The file's text; `body` is that of a push. */
export async function rescueFile(body: string, sealing: Sealing): Promise<string> {
  const { community, device, publicKey, key: signing } = sealing;
  const { key, nonce, sealed: box } = await seal(body, publicKey, INFO);
  const signed = [FORMAT, community, device, key, nonce, box].join('\n');
  const tag = signing
    ? await crypto.subtle.sign('HMAC', signing, new TextEncoder().encode(signed))
    : new ArrayBuffer(0);
  return JSON.stringify({
    format: FORMAT,
    community,
    device,
    key,
    nonce,
    sealed: box,
    tag: toBase64(new Uint8Array(tag)),
  });
}

/** The share sheet where it takes such a file, else a download. */
async function hand(file: File): Promise<'shared' | 'downloaded' | 'cancelled'> {
  const data = { files: [file], title: file.name };
  if (navigator.canShare?.(data)) {
    try {
      await navigator.share(data);
      return 'shared';
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return 'cancelled';
    }
  }
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser reads the file a little later.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return 'downloaded';
}
