/** Requests to the phone's API. A failure has a code; nothing here retries. */
import type { ErrorAnswer } from './wire';

const TIMEOUT = 30_000;
/** Shorter bodies (characters) gain nothing by compressing. */
const WORTH_COMPRESSING = 2_048;
export const API = '/api/v1';

/** `status` 0: no answer at all, or one that is not ours (a captive portal answers everything). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly answer: ErrorAnswer,
  ) {
    super(`${status} ${answer.code ?? ''}`);
  }
  get code(): string {
    return this.answer.code ?? (this.status === 0 ? 'offline' : 'server');
  }
}

export interface Call {
  method?: 'GET' | 'POST' | 'DELETE';
  /** JSON text, sent as it is: operations keep their bytes. */
  body?: string;
  csrf?: string;
}

export interface Answer<T> {
  data: T;
  /** Own clock when the request left and when its answer was read: for the skew. */
  sent: number;
  received: number;
}

/** Some proxy on the way does not know compressed requests: plain ones from then on. */
let compressing = true;

export async function call<T>(path: string, given: Call = {}): Promise<Answer<T>> {
  const { body } = given;
  const squeezed = body === undefined ? null : await squeeze(body);
  if (squeezed === null) return send<T>(path, given, body);
  try {
    return await send<T>(path, given, squeezed);
  } catch (error) {
    if (!(error instanceof ApiError) || (error.status !== 400 && error.status !== 415)) throw error;
    const answer = await send<T>(path, given, body);
    // Only what works plain proves that compressing was the trouble.
    compressing = false;
    return answer;
  }
}

async function squeeze(body: string): Promise<Uint8Array<ArrayBuffer> | null> {
  if (!compressing || body.length < WORTH_COMPRESSING) return null;
  if (typeof CompressionStream === 'undefined') return null;
  const stream = new Blob([body]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function send<T>(
  path: string,
  { method = 'GET', csrf }: Call,
  body: string | Uint8Array<ArrayBuffer> | undefined,
): Promise<Answer<T>> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), TIMEOUT);
  const sent = Date.now();
  try {
    const response = await fetch(API + path, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      signal: stop.signal,
      headers: {
        Accept: 'application/json',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(body instanceof Uint8Array ? { 'Content-Encoding': 'gzip' } : {}),
        ...(csrf === undefined ? {} : { 'X-CSRFToken': csrf }),
      },
      ...(body === undefined ? {} : { body }),
    });
    const data = await read(response);
    if (!response.ok) throw new ApiError(response.status, data as ErrorAnswer);
    return { data: data as T, sent, received: Date.now() };
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError(0, {});
  } finally {
    clearTimeout(timer);
  }
}

async function read(response: Response): Promise<unknown> {
  if (response.status === 204) return {};
  if (response.headers.get('Content-Type')?.includes('json')) return response.json();
  // Errors of proxies come as pages; a good answer that is a page is not from our server.
  if (response.ok) throw new ApiError(0, {});
  return {};
}
