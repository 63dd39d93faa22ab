/** The part of Twilio's HTTP that sends messages and tells about them, over messages that go nowhere. */
import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { carry, type TextAccount } from './news.ts';
import { readAtMost } from '../read-body.ts';
import { refusalOf, type TextRefusal } from './refusals.ts';
import type { InboxText, TextStore } from './store.ts';

/** Options of {@link createTextProvider}. */
export interface TextProviderOptions {
  readonly store: TextStore;
  readonly account: TextAccount;
  /**
   * Decides about a message before it is taken, in tests of what goes wrong: a refusal, or a connection that ends after
   * the message was taken.
   */
  readonly script?: ((form: URLSearchParams) => TextRefusal | 'take and hang up' | undefined) | undefined;
}

/** Answers requests of the HTTP interface. */
export interface InboxTextProvider {
  /** Says whether an address is one of the interface. */
  serves(pathname: string): boolean;
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Ends what is still told about messages. */
  close(): void;
}

const MOST_BYTES = 64 * 1024;
const MOST_LISTED = 1_000;
const DEFAULT_LISTED = 50;

/** Creates the interface for one account. */
export function createTextProvider({ store, account, script }: TextProviderOptions): InboxTextProvider {
  const closing = new AbortController();
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const form = await readForm(request);
    const wanted = script?.(form);
    const asked = {
      to: form.get('To') ?? '',
      from: form.get('From') ?? form.get('MessagingServiceSid') ?? '',
      body: form.get('Body') ?? '',
    };
    const refused = wanted === 'take and hang up' ? undefined : (wanted ?? refusalOf(asked));
    if (refused !== undefined) {
      refuse(response, refused);
      return;
    }
    const text = await store.add({ ...asked, statusCallback: form.get('StatusCallback') });
    carry(store, account, text, closing.signal).catch(() => undefined); // it is told to nobody else
    if (wanted === 'take and hang up') request.socket.destroy();
    else json(response, 201, shown(account, text));
  };
  return {
    serves: (pathname) => pathname.startsWith('/2010-04-01/'),
    answer: async (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
      const asked = readPath(pathname);
      if (asked === undefined) refuse(response, NOT_FOUND);
      else if (!isAllowed(request, account) || asked.account !== account.sid) refuse(response, NOT_ALLOWED);
      else if (request.method === 'POST' && asked.sid === undefined) await take(request, response);
      else if (request.method !== 'GET') refuse(response, NO_SUCH_METHOD);
      else if (asked.sid === undefined) list(response, account, store, searchParams);
      else show(response, account, store.find(asked.sid));
    },
    close: () => closing.abort(),
  };
}

/** Reads `…/Accounts/AC…/Messages.json` and `…/Messages/SM….json`. */
function readPath(pathname: string): { readonly account: string; readonly sid: string | undefined } | undefined {
  const found = /^\/2010-04-01\/Accounts\/(AC\w+)\/Messages(?:\/(SM\w+))?\.json$/.exec(pathname);
  return found?.[1] === undefined ? undefined : { account: found[1], sid: found[2] };
}

const NOT_FOUND: TextRefusal = { status: 404, code: 20404, message: 'The requested resource was not found' };
const NO_SUCH_METHOD: TextRefusal = { status: 405, code: 20004, message: 'Method not allowed' };
const NOT_ALLOWED: TextRefusal = { status: 401, code: 20003, message: 'Authenticate' };

function isAllowed({ headers }: IncomingMessage, { sid, token }: TextAccount): boolean {
  const expected = Buffer.from(`Basic ${Buffer.from(`${sid}:${token}`).toString('base64')}`);
  const given = Buffer.from(headers.authorization ?? '');
  return token !== '' && given.length === expected.length && timingSafeEqual(given, expected);
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  return new URLSearchParams((await readAtMost(request, MOST_BYTES))?.toString());
}

function list(response: ServerResponse, account: TextAccount, store: TextStore, query: URLSearchParams): void {
  const size = Number(query.get('PageSize') ?? DEFAULT_LISTED);
  const limit = Number.isInteger(size) && size > 0 ? Math.min(size, MOST_LISTED) : DEFAULT_LISTED;
  const from = query.get('From');
  const found = store
    .list({ to: query.get('To') ?? undefined, limit })
    .filter((text) => from === null || text.from === from);
  const uri = `/2010-04-01/Accounts/${account.sid}/Messages.json?PageSize=${String(limit)}&Page=0`;
  json(response, 200, {
    messages: found.map((text) => shown(account, text)),
    uri,
    first_page_uri: uri,
    next_page_uri: null,
    previous_page_uri: null,
    page: 0,
    page_size: limit,
    start: 0,
    end: Math.max(0, found.length - 1),
  });
}

function show(response: ServerResponse, account: TextAccount, text: InboxText | undefined): void {
  if (text === undefined) refuse(response, NOT_FOUND);
  else json(response, 200, shown(account, text));
}

/** A message as the interface shows it. */
function shown({ sid: accountSid }: TextAccount, text: InboxText): object {
  const isService = text.from.startsWith('MG');
  return {
    sid: text.sid,
    account_sid: accountSid,
    api_version: '2010-04-01',
    to: text.to,
    from: isService ? null : text.from,
    messaging_service_sid: isService ? text.from : null,
    body: text.body,
    status: text.status,
    direction: 'outbound-api',
    date_created: new Date(text.createdAt).toUTCString().replace('GMT', '+0000'),
    date_updated: new Date(text.createdAt).toUTCString().replace('GMT', '+0000'),
    date_sent: null,
    error_code: text.errorCode,
    error_message: null,
    num_media: '0',
    num_segments: '1',
    price: null,
    price_unit: 'USD',
    uri: `/2010-04-01/Accounts/${accountSid}/Messages/${text.sid}.json`,
    subresource_uris: {},
  };
}

function refuse(response: ServerResponse, { status, code, message, retryAfterS }: TextRefusal): void {
  if (retryAfterS !== undefined) response.setHeader('retry-after', String(retryAfterS));
  json(response, status, {
    code,
    message,
    more_info: `https://www.twilio.com/docs/errors/${String(code)}`,
    status,
  });
}

function json(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify(value));
}
