/** Answers the storm's requests, one JSON object a line: many real apps in one process. */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

import { type Faults, Handset } from './phone';
import { act, type Deed } from './script';

interface Request {
  n: number;
  phone: string;
  what: 'open' | 'record' | 'sync' | 'clock' | 'dump';
  port: number;
  address: string;
  login: string;
  password: string;
  community: number;
  deeds: Deed[];
  faults: Faults;
  kill: number | null;
  offset: number;
}

const code = readFileSync(process.argv[2] as string, 'utf8');
const phones = new Map<string, Handset>();
const promised = new Map<string, Set<string>>();

const CALM: Faults = { lose: 0, never: 0, cut: 0, seed: 1 };

async function answer(request: Request): Promise<object> {
  if (request.what === 'open') return open(request);
  const phone = phones.get(request.phone);
  if (!phone) throw new Error(`no phone ${request.phone}`);
  if (request.what === 'clock') phone.offset = request.offset;
  else if (request.what === 'record') return record(phone, request);
  else if (request.what === 'sync') return sync(phone, request);
  else if (request.what === 'dump') return dump(phone, request);
  return {};
}

async function open(request: Request): Promise<object> {
  const phone = new Handset(code, request.port, request.address);
  phones.set(request.phone, phone);
  promised.set(request.phone, new Set());
  await phone.start();
  const { login, password, community } = request;
  const result = await phone.app.field.signIn(login, password, community);
  await phone.app.currentEngine()?.sync();
  const desk = phone.app.currentDesk();
  return { result: result.kind, device: desk?.member.device.id, member: desk?.member.member.id };
}

/** What was acknowledged must be there for ever; what was not may be. */
async function record(phone: Handset, { phone: name, deeds, kill }: Request): Promise<object> {
  phone.killAfter = kill;
  let killed = false;
  for (const deed of deeds) {
    const saved = await phone.run((app) => act(app, deed));
    if (saved === 'killed') killed = true;
    else for (const id of saved) promised.get(name)?.add(id);
  }
  phone.killAfter = null;
  return { killed, operations: await phone.app.operations() };
}

async function sync(phone: Handset, { faults, kill }: Request): Promise<object> {
  phone.network.weather(faults);
  phone.killAfter = kill;
  const done = await phone.run(async (app) => app.currentEngine()?.sync());
  phone.killAfter = null;
  phone.network.weather(CALM);
  const { windows } = phone.network;
  phone.network.windows = [];
  const { error, unsent } = phone.app.field.state.sync.value;
  return { killed: done === 'killed', windows, error, unsent };
}

async function dump(phone: Handset, { phone: name }: Request): Promise<object> {
  const operations = await phone.app.operations();
  const here = new Set(operations.map(({ id }) => id));
  const gone = [...(promised.get(name) ?? [])].filter((id) => !here.has(id));
  const receipt = await phone.network.fetch('/api/v1/sync/receipt');
  const { receipt: compared } = phone.app.currentDesk()?.meta ?? { receipt: null };
  return {
    operations,
    gone,
    compared,
    receipt: await receipt.json(),
    doors: await phone.app.doors(),
  };
}

// A killed app leaves promises behind that nobody waits for.
process.on('unhandledRejection', () => {});

createInterface({ input: process.stdin }).on('line', async (line) => {
  const request = JSON.parse(line) as Request;
  let said: object;
  try {
    said = await answer(request);
  } catch (error) {
    said = { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  process.stdout.write(`${JSON.stringify({ n: request.n, ...said })}\n`);
});
