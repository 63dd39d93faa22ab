/** The pages and the JSON API of the development inbox, all read-only, and the interfaces of providers. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { refuseBrowser } from '../../observability/browsers.ts';
import { listPage, messagePage, textsPage } from './pages.ts';
import { type MailReader, type MailView, UnreadableMail } from './reading.ts';
import type { InboxMessage, InboxStore } from './store.ts';
import type { TextStore } from './texts/store.ts';

/** Policy for pages: no scripts, and no resources of other servers. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Policy for the HTML of a message: only embedded pictures, so that a sender cannot track readers. */
const EMAIL_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups allow-popups-to-escape-sandbox; frame-ancestors 'self'";

const PAGE_SIZE = 50;
const MAX_LIST = 10_000;

/** What the inbox serves. */
export interface Inbox {
  readonly store: InboxStore;
  readonly reader: MailReader;
  readonly texts: TextStore;
  readonly providers: readonly InboxProvider[];
}

/** Speaks the HTTP of a provider: of text messages, or of payments. */
export interface InboxProvider {
  /** Says whether an address is one of the interface. */
  serves(address: string): boolean;
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

interface Answer {
  readonly status?: number;
  readonly type: string;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Serves the inbox on the loopback interface; resolves when it listens. */
export async function serveInbox(inbox: Inbox, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    if (isForProvider(inbox, request, response)) return;
    answer(inbox, request).then(
      (found) => {
        send(response, found);
      },
      (error: unknown) => {
        if (error instanceof UnreadableMail) {
          send(response, refusal(422, `${error.message}; /raw has it as it came`));
          return;
        }
        process.stderr.write(`inbox: ${error instanceof Error ? error.message : String(error)}\n`);
        send(response, { ...json({ error: 'something went wrong; the log has the details' }), status: 500 });
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  return server;
}

/** Hands requests of applications to the provider that they are for; pages of browsers are refused, whatever they ask. */
function isForProvider({ providers }: Inbox, request: IncomingMessage, response: ServerResponse): boolean {
  const provider = providers.find((one) => one.serves(request.url ?? '/'));
  if (provider === undefined || refuseBrowser(request, []) !== undefined) return false;
  provider.answer(request, response).catch((error: unknown) => {
    process.stderr.write(`inbox: ${error instanceof Error ? error.message : String(error)}\n`);
    response.destroy();
  });
  return true;
}

async function answer(inbox: Inbox, request: IncomingMessage): Promise<Answer> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405, 'expected GET or HEAD');
  const refused = refuseBrowser(request, []);
  if (refused !== undefined) return refusal(refused.status, refused.detail);
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const fixed = FIXED[pathname];
  return fixed === undefined ? answerMessage(inbox, pathname) : fixed(inbox, searchParams);
}

const FIXED: Readonly<Record<string, (inbox: Inbox, query: URLSearchParams) => Answer>> = {
  '/': ({ store }, query) => html(listing(store, query)),
  '/messages': ({ store }, query) => json(listJson(store, query)),
  '/texts': ({ texts }) => html(textsPage(texts.list({ limit: PAGE_SIZE }), texts.total)),
  '/texts.json': ({ texts }, query) => json(textsJson(texts, query)),
  '/health/live': () => json({ status: 'alive', timestamp: new Date().toISOString() }),
};

async function answerMessage({ store, reader }: Inbox, pathname: string): Promise<Answer> {
  const [, folder, id = '', part, number] = pathname.split('/');
  const message = folder === 'mail' || folder === 'messages' ? store.find(id) : undefined;
  if (message === undefined) return refusal(404, 'there is nothing here');
  const raw = await store.raw(id);
  if (folder === 'mail') return html(messagePage(message, await reader.view(raw)));
  if (part === 'raw') return { ...download(raw, `${message.id}.eml`), type: 'text/plain; charset=utf-8' };
  if (part === 'attachments') return attachmentAnswer(reader, raw, number);
  return viewAnswer(message, await reader.view(raw), part);
}

async function attachmentAnswer(reader: MailReader, raw: Buffer, number: string | undefined): Promise<Answer> {
  const wanted = wholeNumber(number ?? null);
  const attachment = wanted === undefined ? undefined : await reader.attachment(raw, wanted);
  if (attachment === undefined) return refusal(404, 'there is nothing here');
  return download(attachment.content, attachment.filename ?? 'unnamed');
}

function viewAnswer(message: InboxMessage, email: MailView, part: string | undefined): Answer {
  if (part === undefined) return json(describe(message, email));
  if (part !== 'html' || email.html === undefined) return refusal(404, 'there is nothing here');
  const headers = { 'content-security-policy': EMAIL_POLICY };
  // Links open in a new tab instead of the frame.
  return { type: 'text/html; charset=utf-8', body: `<base target="_blank">${email.html}`, headers };
}

function describe(message: InboxMessage, { headers, text, html, attachments }: MailView): object {
  return {
    ...message,
    headers,
    text: text ?? null,
    html: html ?? null,
    attachments: attachments.map((attachment, number) => ({ number, ...attachment })),
  };
}

function listing(store: InboxStore, query: URLSearchParams): string {
  const { messages, total } = store.list({ limit: PAGE_SIZE, before: wholeNumber(query.get('before')) });
  return listPage(messages, total, messages.length === PAGE_SIZE ? messages.at(-1)?.number : undefined);
}

function listJson(store: InboxStore, query: URLSearchParams): object {
  const limit = Math.max(1, Math.min(wholeNumber(query.get('limit')) ?? PAGE_SIZE, MAX_LIST));
  const to = query.get('to') ?? undefined;
  const { messages, total } = store.list({ to, limit, before: wholeNumber(query.get('before')) });
  return { messages, total, next: messages.length === limit ? (messages.at(-1)?.number ?? null) : null };
}

function textsJson(texts: TextStore, query: URLSearchParams): object {
  const limit = Math.max(1, Math.min(wholeNumber(query.get('limit')) ?? PAGE_SIZE, MAX_LIST));
  return { texts: texts.list({ to: query.get('to') ?? undefined, limit }), total: texts.total };
}

function wholeNumber(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function json(value: object): Answer {
  return { type: 'application/json; charset=utf-8', body: JSON.stringify(value) };
}

function html(body: string): Answer {
  return { type: 'text/html; charset=utf-8', body };
}

function refusal(status: number, error: string): Answer {
  return { ...json({ error }), status };
}

/** Attachments are downloaded and never displayed, because they may contain scripts. */
function download(body: Uint8Array, filename: string): Answer {
  const name = encodeURIComponent(filename).replaceAll("'", '%27');
  return {
    type: 'application/octet-stream',
    body,
    headers: { 'content-disposition': `attachment; filename*=UTF-8''${name}` },
  };
}

function send(response: ServerResponse, { status = 200, type, body, headers = {} }: Answer): void {
  response.writeHead(status, {
    'content-type': type,
    'content-security-policy': PAGE_POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(body);
}
