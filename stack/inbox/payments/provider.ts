/** The part of Stripe's HTTP that the product uses, over objects that move no money. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readAtMost } from '../read-body.ts';
import { eventOf, type EventTarget, tellEvent } from './events.ts';
import { handlers, type KindRequest, KINDS, type Made, Refusal } from './handlers.ts';
import type { Form } from './objects.ts';
import type { PaymentObject, PaymentStore } from './store.ts';

/** A request that a script decides about. */
export interface PaymentRequest {
  readonly method: string;
  readonly path: string;
  readonly form: Form;
}

/** Options of {@link createPaymentProvider}. */
export interface PaymentProviderOptions {
  readonly store: PaymentStore;
  /** Key of the account. */
  readonly secretKey: string;
  /** Where events are told; `undefined` for nowhere. */
  readonly target: EventTarget | undefined;
  /**
   * Decides about a request before it is answered, in tests of what goes wrong: a refusal, or a connection that ends after
   * the request was done.
   */
  readonly script?: ((request: PaymentRequest) => Refusal | 'take and hang up' | undefined) | undefined;
}

/** Answers requests of the HTTP interface. */
export interface PaymentProviderServer {
  /** Says whether an address is one of the interface. */
  serves(pathname: string): boolean;
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Keeps a changed object and tells about it. */
  change(type: string, object: PaymentObject): Promise<void>;
  /** Ends what is still told. */
  close(): void;
}

const PATH = /^\/v1\/([a-z]+)(?:\/([a-z]+_\w+))?(?:\?|$)/;

/** Creates the interface for one account. */
export function createPaymentProvider(options: PaymentProviderOptions): PaymentProviderServer {
  const { store, target } = options;
  const closing = new AbortController();
  const tell = (type: string, object: PaymentObject): void => {
    if (target === undefined) return;
    tellEvent(target, eventOf(type, object), closing.signal).catch(() => undefined); // it is told to nobody else
  };
  return {
    serves: (pathname) => KINDS.has(PATH.exec(pathname)?.[1] ?? ''),
    answer: async (request, response) => {
      try {
        await answer(options, tell, request, response);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        refuse(response, error);
      }
    },
    change: async (type, object) => {
      await store.put([object]);
      tell(type, object);
    },
    close: () => closing.abort(),
  };
}

type Tell = (type: string, object: PaymentObject) => void;

async function answer(
  { store, secretKey, script }: PaymentProviderOptions,
  tell: Tell,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  requireKey(request, secretKey);
  const asked = await readRequest(request);
  const wanted = script?.(asked);
  if (wanted instanceof Refusal) throw wanted;
  const before = replayed(store, asked);
  const made = before ?? handlers(store, asked);
  if (before === undefined) await keep(store, tell, asked, made);
  if (wanted === 'take and hang up') request.socket.destroy();
  else json(response, 200, made.answer, before === undefined ? {} : { 'idempotent-replayed': 'true' });
}

/** A request with what it is known by when it is repeated. */
interface AskedRequest extends KindRequest, PaymentRequest {
  readonly key: string | undefined;
  readonly fingerprint: string;
}

async function readRequest(request: IncomingMessage): Promise<AskedRequest> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const [, plural = '', id] = PATH.exec(pathname) ?? [];
  const method = request.method ?? 'GET';
  const body = await readText(request);
  const key = request.headers['idempotency-key'];
  return {
    method,
    path: pathname,
    plural,
    id,
    form: new Map(method === 'GET' ? searchParams : new URLSearchParams(body)),
    key: typeof key === 'string' ? key : undefined,
    fingerprint: createHash('sha256').update(`${method} ${pathname}\n${body}`).digest('hex'),
  };
}

async function keep(store: PaymentStore, tell: Tell, { key, fingerprint }: AskedRequest, made: Made): Promise<void> {
  if (made.changed.length === 0) return;
  const { id } = made.answer;
  const objects = made.changed.map(({ object }) => object);
  await store.put(objects, key === undefined || id === undefined ? undefined : { key, fingerprint, id });
  for (const { type, object } of made.changed) tell(type, object);
}

/** Returns the answer of the request that was done under a key before. */
function replayed(store: PaymentStore, { key, fingerprint }: AskedRequest): Made | undefined {
  const done = key === undefined ? undefined : store.done(key);
  if (done === undefined) return undefined;
  const object = store.find(done.id);
  if (done.fingerprint === fingerprint && object !== undefined) return { answer: object, changed: [] };
  throw new Refusal(
    400,
    'idempotency_error',
    undefined,
    'Keys for idempotent requests can only be used for the same endpoint and parameters.',
  );
}

function requireKey({ headers }: IncomingMessage, secretKey: string): void {
  const expected = Buffer.from(`Bearer ${secretKey}`);
  const given = Buffer.from(headers.authorization ?? '');
  if (secretKey !== '' && given.length === expected.length && timingSafeEqual(given, expected)) return;
  throw new Refusal(401, 'invalid_request_error', undefined, 'Invalid API Key provided.');
}

const MOST_BYTES = 64 * 1024;

async function readText(request: IncomingMessage): Promise<string> {
  const body = await readAtMost(request, MOST_BYTES);
  if (body !== undefined) return body.toString();
  throw new Refusal(400, 'invalid_request_error', undefined, 'The request is too long.');
}

function refuse(response: ServerResponse, { status, type, code, message, retryAfterS }: Refusal): void {
  const headers = retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) };
  json(response, status, { error: { type, code, message } }, headers);
}

function json(response: ServerResponse, status: number, value: object, headers: Record<string, string>): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(JSON.stringify(value));
}
