/** Values that workers in both languages must treat alike, and what TypeScript makes of them. */
import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter, type Payload, type PayloadCodec } from '@temporalio/common';
import type { FailureClass } from '../../../contracts/failures/rule.ts';
import { sealedNames } from '../../../contracts/sealing.ts';
import { decideRetry, type FailedAttempt, type RetryRule } from '../../../contracts/tasks/retry-rules.ts';
import { holdsPrivate, withoutPrivate } from '../../../contracts/values/private-text.ts';
import { payloadConverter } from '../../../payloads/converter.ts';

const keys = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const SEAL_KEYS = keys('s-1');
const PAYLOAD_KEYS = keys('p-1');

/** Texts with and without words that may not be read. */
export const TEXTS = [
  'plain',
  'write to ada@example.com today',
  'documents.default@eu-west',
  '@scope/package',
  'https://ada:secret@example.com/x',
  'https://example.com/a?sig=1 and more',
  'see https://example.com/a',
  'token=abc',
  "password'=x",
  'what is 1=1?',
  `sha ${'ab'.repeat(32)}`,
  `short ${'ab'.repeat(31)}`,
  'ünï@cödé.example',
  '',
];

/** Values as a body may return them. */
export const VALUES: readonly unknown[] = [
  { to: 'ada@example.com', note: 'plain', nested: [{ apiKey: 'k' }, { reset_token: 5 }] },
  ['bob@example.com', 1, null, true, 'ä'],
  { $sealed: { anything: [1, 2] } },
  { 'ada@example.com': 'name of a field' },
  'plain',
  12,
];

const rules: readonly RetryRule[] = [
  { attempts: 4, delayMs: 100, reason: '' },
  { attempts: 5, delayMs: 100, factor: 2, maxDelayMs: 500, jitter: 0.25, reason: '' },
  { attempts: 5, delayMs: 100, factor: 3, jitter: 'full', reason: '', finalType: 'PermanentError' },
  { attempts: 3, delayMs: 10, reason: '', retryOn: ['BackendFailed'], neverOn: ['unknown'] },
  {
    attempts: 6,
    delayMs: 10,
    reason: '',
    byFailure: [
      { on: ['throttled'], attempts: 2, delayMs: 7, factor: 2, maxDelayMs: 9, finalType: 'BackendRejected' },
      { on: ['BackendFailed'], attempts: 3 },
    ],
  },
];
const kinds: readonly (readonly [string, FailureClass, number?])[] = [
  ['BackendFailed', 'transient'],
  ['BackendThrottled', 'throttled', 60_000],
  ['InvalidInput', 'permanent'],
  ['Unexpected', 'unknown', 1e12],
  ['SystemRefused', 'configuration'],
];

/** Failed attempts and what follows them. */
export const RETRIES = rules.flatMap((rule) =>
  kinds.flatMap(([type, kind, retryAfterMs]) =>
    [1, 2, 3, 6].flatMap((attempt) =>
      [0, 0.9].map((chance) => {
        const failed: FailedAttempt = { type, class: kind, retryAfterMs };
        return {
          question: [rule, failed, attempt, chance] as const,
          decision: decideRetry(rule, failed, attempt, chance),
        };
      }),
    ),
  ),
);

const { payloadCodecs = [] } = payloadConverter({ side: 'worker', sealKeys: SEAL_KEYS, payloadKeys: PAYLOAD_KEYS });

interface Written {
  readonly metadata: Readonly<Record<string, string>>;
  readonly data: string;
}

const base64 = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString('base64');

function written({ metadata, data }: Payload): Written {
  const entries = Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)]);
  return { metadata: Object.fromEntries(entries) as Written['metadata'], data: base64(data) }; // each is text
}

/** What the program in Python is asked. */
export async function question(): Promise<string> {
  const plain = VALUES.map((value) => defaultPayloadConverter.toPayload(value));
  return JSON.stringify({
    sealKeys: SEAL_KEYS,
    payloadKeys: PAYLOAD_KEYS,
    sealed: sealedNames,
    texts: TEXTS,
    retries: RETRIES.map((one) => one.question),
    payloads: (await through(plain, (codec, payloads) => codec.encode(payloads))).map(written),
  });
}

/** What the program answers. */
export interface Agreement {
  readonly private: readonly (readonly [boolean, string])[];
  readonly decisions: readonly { readonly delayMs: number | null; readonly finalType: string | null }[];
  readonly values: readonly unknown[];
  readonly readable: readonly string[];
  readonly payloads: readonly Written[];
}

/** What TypeScript says of the same texts. */
export const privateTexts = (): Agreement['private'] => TEXTS.map((text) => [holdsPrivate(text), withoutPrivate(text)]);

/** Opens what the program has sealed and encrypted. */
export async function opened(payloads: Agreement['payloads']): Promise<readonly unknown[]> {
  const bytes = (text: string): Uint8Array => Buffer.from(text, 'base64');
  const given = payloads.map(({ metadata, data }): Payload => ({
    metadata: Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, bytes(value)])),
    data: bytes(data),
  }));
  const plain = await through(given, (codec, some) => codec.decode(some), true);
  return plain.map((payload): unknown => defaultPayloadConverter.fromPayload(payload));
}

async function through(
  payloads: readonly Payload[],
  change: (codec: PayloadCodec, payloads: Payload[]) => Promise<Payload[]>,
  isBack = false,
): Promise<readonly Payload[]> {
  let changed = [...payloads];
  for (const codec of isBack ? [...payloadCodecs].reverse() : payloadCodecs) changed = await change(codec, changed);
  return changed;
}
