/**
 * Delivers a text: claims it in the ledger, hands it to the provider, and records the outcome. A message that an attempt
 * before may have handed over is looked for at the provider first.
 */
import { randomUUID } from 'node:crypto';
import { PerennialError } from '../../contracts/failures.ts';
import { MAX_MESSAGE_CHARACTERS } from '../../contracts/messages/vocabulary.ts';
import { keepLease, LEASE_MS, type Lease } from '../../contracts/values/lease.ts';
import { MINUTE_MS } from '../../contracts/values/units.ts';
import { keyReused, waitForHolder } from '../outgoing/ledger.ts';
import { type TextFailure, toTextFailure } from './errors.ts';
import type { ClaimedText, TextLedger } from './ledger.ts';
import type { OutgoingText, ProviderMessage, TextFacts, TextProvider } from './port.ts';
import { costOf, textParts } from './segments.ts';

/** What deliveries share. */
export interface TextDeliveryParts {
  readonly ledger: TextLedger;
  readonly provider: TextProvider;
  /** Cost of one part of a message. */
  readonly segmentCost: number;
}

/** Largest difference between the clocks of database and provider that is allowed for, in milliseconds. */
const CLOCKS_DIFFER_MS = MINUTE_MS;

/** Sends a message once for its key. Throws what keeps it. */
export async function sendText(
  parts: TextDeliveryParts,
  message: OutgoingText,
  signal: AbortSignal,
): Promise<TextFacts> {
  requireLength(message);
  for (;;) {
    signal.throwIfAborted();
    const claim = randomUUID();
    const claimedAt = performance.now();
    const answer = await parts.ledger.claim(message, { claim, leaseMs: LEASE_MS });
    switch (answer.state) {
      case 'claimed':
        return sendClaimed(parts, { message, claim, claimedAt, ...answer }, signal);
      case 'accepted':
        return answer.facts;
      case 'opted-out':
        throw new PerennialError(
          'RecipientOptedOut',
          'to: expected a recipient who wants messages, got one who has opted out',
        );
      case 'foreign':
        throw keyReused();
      case 'busy':
        await waitForHolder(answer.leftMs, signal);
    }
  }
}

function requireLength({ body }: OutgoingText): void {
  if (body.length <= MAX_MESSAGE_CHARACTERS) return;
  const text = `body: expected at most ${String(MAX_MESSAGE_CHARACTERS)} characters, got ${String(body.length)}`;
  throw new PerennialError('MessageTooLong', text);
}

/** A message that this delivery may send. */
interface Mine extends ClaimedText {
  readonly message: OutgoingText;
  readonly claim: string;
  readonly claimedAt: number;
}

async function sendClaimed(parts: TextDeliveryParts, mine: Mine, signal: AbortSignal): Promise<TextFacts> {
  const { message, claim, claimedAt } = mine;
  const lease = keepLease((leaseMs) => parts.ledger.renew(message.key, claim, leaseMs), claimedAt);
  const outcome = await attempt(parts, mine, reasonToStop(lease, signal)).finally(() => lease.end());
  signal.throwIfAborted();
  if (outcome instanceof PerennialError) throw outcome;
  return outcome;
}

function reasonToStop(lease: Lease, signal: AbortSignal): PerennialError | undefined {
  if (signal.aborted) return new PerennialError('BackendUnavailable', 'stopped before it was sent');
  if (lease.valid()) return undefined;
  return new PerennialError('DatabaseUnavailable', 'expected the ledger of messages to be reachable, got no answer');
}

/** Hands a message over, unless there is a reason not to. Returns what it came to, once that is recorded. */
async function attempt(
  parts: TextDeliveryParts,
  mine: Mine,
  stopped: PerennialError | undefined,
): Promise<TextFacts | PerennialError> {
  const { key, body } = mine.message;
  const taken = stopped === undefined ? await takeOnce(parts, mine) : deferredBy(stopped, mine);
  if ('failure' in taken) {
    await parts.ledger.release(key, mine.claim, taken);
    return taken.failure;
  }
  const { encoding, segments } = textParts(body);
  const facts: TextFacts = { sid: taken.sid, encoding, segments, cost: costOf(segments, parts.segmentCost) };
  await parts.ledger.accept(key, facts, taken);
  return facts;
}

function deferredBy(failure: PerennialError, { askedAt }: Mine): TextFailure {
  return { failure, refused: false, unsure: askedAt !== undefined };
}

/** Returns the message as the provider has it, from an attempt before or from now. */
async function takeOnce(parts: TextDeliveryParts, mine: Mine): Promise<ProviderMessage | TextFailure> {
  const { message, messageId, askedAt, told } = mine;
  let unsure = askedAt !== undefined;
  try {
    const before = told ?? (askedAt === undefined ? undefined : await takenBefore(parts, message, askedAt));
    unsure = false;
    return before ?? (await parts.provider.send({ to: message.to, body: message.body, messageId }));
  } catch (error) {
    const found = toTextFailure(error);
    return { ...found, unsure: unsure || found.unsure };
  }
}

/** Returns the message under which an attempt before was taken, which no other message of the ledger is. */
async function takenBefore(
  { ledger, provider }: TextDeliveryParts,
  message: OutgoingText,
  askedAt: Date,
): Promise<ProviderMessage | undefined> {
  const taken = await provider.taken(message, new Date(askedAt.getTime() - CLOCKS_DIFFER_MS));
  const others = await ledger.knownSids(taken.map(({ sid }) => sid));
  return taken.find(({ sid }) => !others.has(sid));
}
