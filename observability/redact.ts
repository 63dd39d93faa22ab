/**
 * Decides what may be shown. Logs, dead letters, alerts and API answers all pass through here, so that no path can leak
 * a secret. The functions are pure.
 */

/** Replaces a hidden value. */
export const REDACTED = '[redacted]';

/**
 * Keys whose values are never shown, at any depth. They are compared without case, hyphens and underscores, so `apiKey`
 * covers `API_KEY`; `x-api-key` is a different key and is listed separately.
 */
const HIDDEN_KEYS = [
  'apiKey',
  'xApiKey',
  'key',
  'password',
  'passphrase',
  'pwd',
  'secret',
  'clientSecret',
  'secretKey',
  'accessKey',
  'privateKey',
  'token',
  'accessToken',
  'refreshToken',
  'resetToken',
  'idToken',
  'taskToken',
  'authorization',
  'cookie',
  'setCookie',
  'credentials',
  'databaseUrl',
  'connectionString',
  'text',
  'content',
  'contents',
  'body',
  'html',
  'subject',
  'data',
  'payload',
  'args',
  'kwargs',
  'arguments',
  'input',
  'result',
  'output',
  'email',
  'phone',
  'phoneNumber',
  'recipient',
  'recipients',
  'to',
  'cc',
  'bcc',
  'address',
  'ssn',
  'iban',
  'card',
  'cardNumber',
  'entities',
  'invoice',
] as const;

const hidden: ReadonlySet<string> = new Set(HIDDEN_KEYS.map(plain));

/** Keys that identify work without disclosing its content. */
const shown: ReadonlySet<string> = new Set(
  [
    'documentId',
    'documentIds',
    'document_id',
    'batchId',
    'workflowId',
    'runId',
    'taskId',
    'backend',
    'language',
    'preprocess',
    'forceOcr',
    'page',
    'pages',
    'firstPage',
    'maxPages',
    'position',
    'after',
    'limit',
    'window',
    'count',
    'total',
    'completed',
    'failed',
    'missing',
    'pending',
    'saved',
    'read',
    'size',
    'status',
    'state',
    'resume',
    'cancelled',
    'confidence',
    'engine',
    'attempt',
  ].map(plain),
);

const MAX_DEPTH = 8;
const MAX_ITEMS = 20;
const MAX_STRING = 2000;
const SHOWN_IDS = 5;

function plain(key: string): string {
  return key.replace(/[-_]/g, '').toLowerCase();
}

/** Longest text that is searched for credentials; the rest is dropped, because it was not searched. */
const MAX_MASKED = 8_000;

/** Matches every text that may contain a credential or an address. Most texts do not match and are searched only once. */
const SUSPICIOUS = /[:=@]|bearer|basic|[spr]k[-_]/i;

/**
 * Masks credentials and e-mail addresses in a text: passwords in URLs, bearer and basic tokens, keys in query strings,
 * card-like tokens. A text of more than 8,000 characters is cut, and its length is appended.
 */
export function maskSecrets(text: string): string {
  const head = text.length > MAX_MASKED ? wholeWords(text) : text;
  const safe = masked(head);
  return head.length === text.length ? safe : `${safe}… (${String(text.length)} characters)`;
}

/** Matches an e-mail address, which names a person. */
const ADDRESS = /[^\s@/:"'<>(),;]{1,64}@[^\s@/:"'<>(),;.]{1,63}(?:\.[^\s@/:"'<>(),;.]{1,63}){1,8}/g;

/** Shortest token after `bearer`, `basic` or `sk_`; shorter words are no credentials. */
const SHORTEST_TOKEN = 9;
const SHORTEST_KEY = 19;

/** Masks a text. The patterns are bounded, so that the time stays proportional to the length of the text. */
function masked(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  return text
    .replace(/(:\/\/)[^\s/@:]{0,128}:[^\s@]{0,256}@/g, `$1${REDACTED}@`)
    .replace(/\b(bearer|basic)\s+[a-z0-9+/=._~-]+/gi, (found, scheme: string) =>
      found.length < scheme.length + SHORTEST_TOKEN ? found : `${scheme} ${REDACTED}`,
    )
    .replace(
      /\b(api[-_]?key|password|passwd|token|secret|authorization)(["']?\s{0,8}[=:]\s{0,8}["']?)(?!\[redacted\]|bearer|basic)[^\s"'&,;]+/gi,
      `$1$2${REDACTED}`,
    )
    .replace(/\b[spr]k[-_][a-z0-9_-]+/gi, (found) => (found.length < SHORTEST_KEY ? found : REDACTED))
    .replace(ADDRESS, REDACTED);
}

/** Cuts a long text at a space, because half a secret would not be recognised. */
function wholeWords(text: string): string {
  let end = MAX_MASKED;
  while (end > 0 && /\S/.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/**
 * Returns a copy that is safe to log: hidden keys replaced, credentials in texts masked, errors as plain data, binary
 * data and long lists by their size.
 */
export function redact(value: unknown): unknown {
  return copy(value, 0, new Set());
}

function copy(value: unknown, depth: number, above: ReadonlySet<object>): unknown {
  if (value === null || typeof value !== 'object') return copyPrimitive(value);
  if (ArrayBuffer.isView(value)) return `[${String(value.byteLength)} bytes]`;
  if (value instanceof Date) return value;
  if (above.has(value)) return '[circular]';
  if (depth >= MAX_DEPTH) return '[too deep]';
  const below = new Set(above).add(value);
  if (value instanceof Error) return copyError(value, depth, below);
  if (Array.isArray(value)) return copyList(value, depth, below);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => [
      key,
      isHidden(key, item) ? REDACTED : copy(item, depth + 1, below),
    ]),
  );
}

function isHidden(key: string, value: unknown): boolean {
  return value !== null && value !== undefined && hidden.has(plain(key));
}

/** Copies a primitive; functions and symbols, which JSON cannot hold, are dropped. */
function copyPrimitive(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
      return shorten(value);
    case 'bigint':
      return value.toString();
    case 'function':
    case 'symbol':
      return undefined;
    default:
      return value;
  }
}

function copyList(list: readonly unknown[], depth: number, above: ReadonlySet<object>): unknown[] {
  const items = list.slice(0, MAX_ITEMS).map((item) => copy(item, depth + 1, above));
  return list.length > MAX_ITEMS ? [...items, `… ${String(list.length - MAX_ITEMS)} more`] : items;
}

/** Copies these fields only, because drivers attach rows, statements and parameters to their errors. */
function copyError(error: Error, depth: number, above: ReadonlySet<object>): Record<string, unknown> {
  const { code, type } = error as { code?: unknown; type?: unknown }; // both may be absent
  return {
    type: typeof type === 'string' ? type : error.name,
    message: shorten(error.message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(error.stack === undefined ? {} : { stack: shorten(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: copy(error.cause, depth + 1, above) }),
  };
}

/** Masks credentials in a text and limits its length to that of a log line. */
function shorten(text: string): string {
  const safe = maskSecrets(text);
  return safe.length > MAX_STRING ? `${safe.slice(0, MAX_STRING)}… (${String(text.length)} characters)` : safe;
}

/**
 * Describes the input or output of a task for the log: its keys, and of the values only identifiers, options and
 * counts; everything else is {@link REDACTED}. New fields are therefore hidden until they are listed.
 */
export function describeInput(value: unknown): unknown {
  return describe(value, 0);
}

function describe(value: unknown, depth: number): unknown {
  if (value === null || value === undefined) return value;
  if (Array.isArray(value)) return `[${String(value.length)} items]`;
  if (typeof value !== 'object' || ArrayBuffer.isView(value) || depth >= MAX_DEPTH) return REDACTED;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => [key, describeField(key, item, depth)]),
  );
}

function describeField(key: string, value: unknown, depth: number): unknown {
  if (!shown.has(plain(key))) return describe(value, depth + 1);
  if (Array.isArray(value)) {
    const first = value.slice(0, SHOWN_IDS).map(identifier);
    return value.length > SHOWN_IDS ? [...first, `… ${String(value.length - SHOWN_IDS)} more`] : first;
  }
  return typeof value === 'object' ? describe(value, depth + 1) : identifier(value);
}

/** Returns a text only if it looks like an identifier, so that a sentence under a harmless key stays hidden. */
function identifier(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return typeof value === 'string' && /^[\w.:+-]{1,128}$/.test(value) ? value : REDACTED;
}
