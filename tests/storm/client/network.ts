/** The app's `fetch`: one browser's cookies, and a network that loses things by a seeded chance. */
import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';

export interface Faults {
  /** Chances, 0 to 1: the answer is lost; the request never arrives; it is cut in the middle. */
  lose: number;
  never: number;
  cut: number;
  seed: number;
}

/** A push was under way from `start` to `end` (real clock) with these operations in it. */
export interface Window {
  start: number;
  end: number;
  ids: string[];
}

/** A request that nobody waits for may be worked on a while longer (milliseconds). */
const LATE = 60_000;

export class Network {
  online = true;
  windows: Window[] = [];
  private faults: Faults = { lose: 0, never: 0, cut: 0, seed: 1 };
  private readonly cookies = new Map<string, string>();

  constructor(
    private readonly port: number,
    private readonly address: string,
  ) {}

  weather(faults: Faults): void {
    this.faults = { ...faults };
  }

  /** As in the app: `path` begins with /api. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const { lose, never, cut } = this.faults;
    const fate = this.chance();
    if (!this.online || fate < never) throw new TypeError('no network');
    const window = this.windowOf(path, init);
    const late = (): number => (window.end = Date.now() + LATE);
    if (init.method === 'POST' && fate < never + cut) {
      late();
      await this.half(path, init);
      throw new TypeError('cut');
    }
    try {
      const response = await this.send(path, init);
      const body = await response.arrayBuffer();
      window.end = Date.now();
      if (fate < never + cut + lose) throw new TypeError('lost');
      const { status, headers } = response;
      const empty = status === 204;
      return new Response(empty ? null : body, { status, headers: plain(headers) });
    } catch (error) {
      if (window.end === 0) late();
      throw error;
    }
  }

  private async send(path: string, init: RequestInit): Promise<Response> {
    const headers = { ...(init.headers as Record<string, string>), ...this.own() };
    const given = init.body === undefined ? {} : { body: init.body };
    const method = init.method ?? 'GET';
    const url = `http://127.0.0.1:${this.port}${path}`;
    const response = await fetch(url, { method, headers, ...given, redirect: 'error' });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const at = pair.indexOf('=');
      this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  }

  private own(): Record<string, string> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return { Cookie: cookie, 'X-Forwarded-For': this.address };
  }

  /** All headers, half of the body, then nothing. */
  private half(path: string, init: RequestInit): Promise<void> {
    const body = bytesOf(init);
    const headers = { ...(init.headers as Record<string, string>), ...this.own() };
    const head = Object.entries({ ...headers, 'Content-Length': body.length, Host: '127.0.0.1' });
    const lines = head.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    return new Promise((done) => {
      const socket = connect(this.port, '127.0.0.1', () => {
        socket.write(`POST ${path} HTTP/1.1\r\n${lines}\r\n`);
        socket.write(body.subarray(0, Math.floor(body.length * this.chance())), () => {
          socket.destroy();
          done();
        });
      });
      socket.on('error', () => done());
    });
  }

  private windowOf(path: string, init: RequestInit): Window {
    const window: Window = { start: Date.now(), end: 0, ids: [] };
    if (!path.endsWith('/sync/push')) return window;
    const { operations } = JSON.parse(textOf(init)) as { operations: { id: string }[] };
    window.ids = operations.map(({ id }) => id);
    this.windows.push(window);
    return window;
  }

  /** A small generator of its own, so that a seed tells the same story again. */
  private chance(): number {
    this.faults.seed = (Math.imul(this.faults.seed, 1_664_525) + 1_013_904_223) >>> 0;
    return this.faults.seed / 2 ** 32;
  }
}

function bytesOf({ body }: RequestInit): Buffer {
  return body instanceof Uint8Array ? Buffer.from(body) : Buffer.from(String(body ?? ''));
}

/** The app may send it compressed. */
function textOf(init: RequestInit): string {
  const bytes = bytesOf(init);
  return (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString();
}

function plain(headers: Headers): Record<string, string> {
  return { 'Content-Type': headers.get('Content-Type') ?? '' };
}
