/**
 * Delivers texts: claims them in the ledger, hands them to the provider concurrently, and records each outcome. A message
 * that an attempt before may have handed over is looked for at the provider first.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PerennialError } from '../../contracts/failures.ts';
import { MAX_MESSAGE_CHARACTERS } from '../../contracts/messages/vocabulary.ts';
import { keepLease, LEASE_MS, type Lease } from '../../contracts/values/lease.ts';
import { MINUTE_MS } from '../../contracts/values/units.ts';
import { createSettler, type Settler } from '../email/settler.ts';
import { toTextFailure, type TextFailure } from './errors.ts';
import type { TextClaim, TextLedger, TextSettlement } from './ledger.ts';
import type { OutgoingText, ProviderMessage, TextDelivered, TextFacts, TextOptions, TextProvider } from './port.ts';
import { costOf, textParts } from './segments.ts';

/** What deliveries share. */
export interface TextDeliveryParts {
  readonly ledger: TextLedger;
  readonly provider: TextProvider;
  /** Cost of one part of a message. */
  readonly segmentCost: number;
}

/** Pauses between looks at messages that another attempt holds, in milliseconds. */
const LOOK_AGAIN_MS = { least: 100, most: 1_000 } as const;

/** Largest difference between the clocks of database and provider that is allowed for, in milliseconds. */
const CLOCKS_DIFFER_MS = MINUTE_MS;

/** Returns one outcome for each message, in their order. */
export async function deliverTexts(
  parts: TextDeliveryParts,
  messages: readonly OutgoingText[],
  options: TextOptions,
): Promise<readonly TextDelivered[]> {
  const delivery = new TextDelivery(parts, options);
  const distinct = [...new Map(messages.map((message) => [message.key, message])).values()];
  let open: readonly OutgoingText[] = distinct.filter((message) => delivery.judge(message));
  while (open.length > 0) {
    options.signal.throwIfAborted();
    open = await delivery.pass(open);
  }
  return messages.map(({ key }) => delivery.outcomeOf(key));
}

/** A message that this delivery may send. */
interface Mine {
  readonly message: OutgoingText;
  readonly messageId: string;
  readonly askedAt: Date | undefined;
  readonly told: ProviderMessage | undefined;
}

/** State of one pass over claimed messages. */
interface Pass {
  readonly settler: Settler<TextSettlement>;
  readonly lease: Lease;
  failuresInARow: number;
  /** Why no further message is begun; `undefined` while sending. */
  halted: PerennialError | undefined;
}

class TextDelivery {
  private readonly outcomes = new Map<string, TextDelivered>();
  private readonly parts: TextDeliveryParts;
  private readonly options: TextOptions;
  /** Ids that messages of this delivery were found under, so that no two are the same one. */
  private readonly found = new Set<string>();

  constructor(parts: TextDeliveryParts, options: TextOptions) {
    this.parts = parts;
    this.options = options;
  }

  outcomeOf(key: string): TextDelivered {
    const failure = new PerennialError('Unexpected', 'the message was not reached');
    return this.outcomes.get(key) ?? { key, status: 'deferred', failure };
  }

  /** Says whether a message can be sent at all. */
  judge({ key, body }: OutgoingText): boolean {
    if (body.length <= MAX_MESSAGE_CHARACTERS) return true;
    const text = `body: expected at most ${String(MAX_MESSAGE_CHARACTERS)} characters, got ${String(body.length)}`;
    this.finish({ key, status: 'failed', failure: new PerennialError('MessageTooLong', text) });
    return false;
  }

  /** Sends what can be claimed now; returns what other attempts hold, after a pause. */
  async pass(open: readonly OutgoingText[]): Promise<readonly OutgoingText[]> {
    const claim = randomUUID();
    const claimedAt = performance.now();
    const answers = await this.parts.ledger.claim(open, {
      claim,
      leaseMs: LEASE_MS,
      retryFailed: this.options.retryFailed === true,
    });
    const mine: Mine[] = [];
    const busy: OutgoingText[] = [];
    let waitMs = 0;
    for (const message of open) {
      const answer: TextClaim = answers.get(message.key) ?? { state: 'busy', leftMs: 0 };
      if (answer.state === 'claimed') mine.push({ message, ...answer });
      else if (answer.state === 'busy') {
        busy.push(message);
        waitMs = Math.max(waitMs, answer.leftMs);
      } else this.finish(known(message.key, answer));
    }
    await this.send(mine, claim, claimedAt);
    if (busy.length > 0) {
      const { least, most } = LOOK_AGAIN_MS;
      await sleep(Math.min(Math.max(least, waitMs), most), undefined, { signal: this.options.signal });
    }
    return busy;
  }

  private async send(mine: readonly Mine[], claim: string, claimedAt: number): Promise<void> {
    if (mine.length === 0) return;
    const { ledger, provider } = this.parts;
    const keys = mine.map(({ message }) => message.key);
    const lease = keepLease((leaseMs) => ledger.renew(keys, claim, leaseMs), claimedAt);
    const settler = createSettler<TextSettlement>(ledger, claim);
    const pass: Pass = { settler, lease, failuresInARow: 0, halted: undefined };
    const queue = mine.values();
    const lane = async (): Promise<void> => {
      for (const one of queue) {
        pass.halted ??= this.reasonToStop(lease);
        if (pass.halted === undefined) await this.sendOne(one, pass);
        else this.defer(one.message.key, pass.halted, one.askedAt !== undefined, pass);
      }
    };
    try {
      await Promise.all(Array.from({ length: Math.min(provider.concurrency, mine.length) }, lane));
      await settler.flush();
    } finally {
      lease.end();
    }
    this.options.signal.throwIfAborted();
    if (pass.halted !== undefined && this.options.giveUp !== true) throw pass.halted;
  }

  private reasonToStop(lease: Lease): PerennialError | undefined {
    if (this.options.signal.aborted) return new PerennialError('BackendUnavailable', 'stopped before it was sent');
    if (lease.valid()) return undefined;
    return new PerennialError('DatabaseUnavailable', 'expected the ledger of messages to be reachable, got no answer');
  }

  private async sendOne(mine: Mine, pass: Pass): Promise<void> {
    const { key, body, to } = mine.message;
    let unsure = mine.askedAt !== undefined;
    try {
      const before = mine.told ?? (mine.askedAt === undefined ? undefined : await this.takenBefore(mine, mine.askedAt));
      unsure = false;
      const taken = before ?? (await this.parts.provider.send({ to, body, messageId: mine.messageId }));
      pass.failuresInARow = 0;
      this.settleSent(key, body, taken, pass);
    } catch (error) {
      const found = toTextFailure(error);
      this.noteFailure(key, { ...found, unsure: unsure || found.unsure }, pass);
    }
  }

  /** Returns the message under which an attempt before was taken, which no other message of the ledger is. */
  private async takenBefore({ message }: Mine, askedAt: Date): Promise<ProviderMessage | undefined> {
    const since = new Date(askedAt.getTime() - CLOCKS_DIFFER_MS);
    const taken = await this.parts.provider.taken(message, since);
    const others = await this.parts.ledger.knownSids(taken.map(({ sid }) => sid));
    const mine = taken.find(({ sid }) => !others.has(sid) && !this.found.has(sid));
    if (mine !== undefined) this.found.add(mine.sid);
    return mine;
  }

  private settleSent(key: string, body: string, { sid, status, errorCode }: ProviderMessage, pass: Pass): void {
    const { encoding, segments } = textParts(body);
    const facts: TextFacts = { sid, encoding, segments, cost: costOf(segments, this.parts.segmentCost) };
    this.finish({ key, status: 'sent', ...facts });
    pass.settler.add({ key, state: 'accepted', delivery: status, errorCode, ...facts });
  }

  private noteFailure(key: string, { failure, ofInstallation, passes, unsure }: TextFailure, pass: Pass): void {
    if (!passes && !ofInstallation) {
      pass.failuresInARow = 0;
      this.finish({ key, status: 'failed', failure });
      pass.settler.add({ key, state: 'failed', failure, unsure });
      return;
    }
    pass.failuresInARow += 1;
    // One message can make a provider stumble; only several in a row mean that it is away.
    if (ofInstallation || pass.failuresInARow >= Math.max(3, 2 * this.parts.provider.concurrency))
      pass.halted ??= failure;
    this.defer(key, failure, unsure, pass);
  }

  /** Leaves a message to another attempt, or to nobody where there is none. */
  private defer(key: string, failure: PerennialError, unsure: boolean, { settler }: Pass): void {
    const status = this.options.giveUp === true ? 'failed' : 'deferred';
    this.finish({ key, status, failure });
    settler.add({ key, state: status, failure, unsure });
  }

  private finish(outcome: TextDelivered): void {
    this.outcomes.set(outcome.key, outcome);
    this.options.onProgress?.(this.outcomes.size);
  }
}

function known(key: string, answer: Exclude<TextClaim, { state: 'claimed' | 'busy' }>): TextDelivered {
  switch (answer.state) {
    case 'accepted': {
      const { sid, encoding, segments, cost } = answer;
      return { key, status: 'sent', sid, encoding, segments, cost };
    }
    case 'failed':
      return { key, status: 'failed', failure: answer.failure };
    case 'opted-out': {
      const failure = new PerennialError(
        'RecipientOptedOut',
        'to: expected a recipient who wants messages, got one who has opted out',
      );
      return { key, status: 'failed', failure };
    }
    case 'foreign': {
      const failure = new PerennialError(
        'MessageKeyReused',
        'messageKey: expected a key that only this message has, got one under which another recipient was written to',
      );
      return { key, status: 'failed', failure };
    }
  }
}
