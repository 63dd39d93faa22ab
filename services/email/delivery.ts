/**
 * Delivers messages: claims them in the ledger, sends them concurrently, and records each outcome. The ledger is
 * written before and after sending, many messages in one statement.
 */
import { randomUUID } from 'node:crypto';
import { PerennialError } from '../../contracts/failures.ts';
import { type Mailbox, parseMailbox } from '../../contracts/values/email-address.ts';
import { keepLease, LEASE_MS, type Lease } from '../../contracts/values/lease.ts';
import { keyReused, waitForHolder } from '../outgoing/ledger.ts';
import type { ClaimAnswer, EmailLedger, Settlement } from './ledger.ts';
import type { Delivered, DeliveryOptions, OutgoingEmail } from './port.ts';
import { messageIdOf } from './headers.ts';
import { createSettler, type Settler } from './settler.ts';
import { reachOf, smtpCodeOf, toEmailFailure } from './smtp-errors.ts';
import type { SmtpTransport } from './smtp.ts';

/** What deliveries share. */
export interface DeliveryPorts {
  readonly ledger: EmailLedger;
  readonly transport: SmtpTransport;
  /** Address of the sender, without a name. */
  readonly from: string;
  /** Domain of the Message-IDs. */
  readonly domain: string;
}

/** Returns one outcome for each message, in their order. */
export async function deliver(
  parts: DeliveryPorts,
  messages: readonly OutgoingEmail[],
  options: DeliveryOptions,
): Promise<readonly Delivered[]> {
  const delivery = new Delivery(parts, options);
  let open: readonly OutgoingEmail[] = messages.filter((message) => delivery.judge(message));
  while (open.length > 0) {
    options.signal.throwIfAborted();
    const { claimed, busy, waitMs } = await delivery.claim(open);
    await delivery.send(claimed);
    if (busy.length > 0) await waitForHolder(waitMs, options.signal);
    open = busy;
  }
  return messages.map(({ key }) => delivery.outcomeOf(key));
}

interface Claimed {
  readonly messages: readonly Mine[];
  readonly claim: string;
  readonly claimedAt: number;
}

interface Mine {
  readonly message: OutgoingEmail;
  readonly date: Date;
}

/** State of one pass over claimed messages. */
interface Pass {
  readonly settler: Settler<Settlement>;
  /** Messages whose outcome depends on whether the server is away, which is decided at the end. */
  readonly unsure: { readonly key: string; readonly failure: PerennialError; readonly begun: boolean }[];
  failuresInARow: number;
  /** Why no further message is begun; `undefined` while sending. */
  halted: PerennialError | undefined;
}

class Delivery {
  private readonly outcomes = new Map<string, Delivered>();
  private readonly parts: DeliveryPorts;
  private readonly options: DeliveryOptions;

  constructor(parts: DeliveryPorts, options: DeliveryOptions) {
    this.parts = parts;
    this.options = options;
  }

  /** Tells whether a message can be sent at all; a repeated key is one message. */
  judge({ key, to }: OutgoingEmail): boolean {
    if (this.outcomes.has(key)) return false;
    const valid = parseMailbox(to) !== undefined;
    const failure = new PerennialError('InvalidRecipient', 'to: expected an e-mail address, got something else');
    this.outcomes.set(key, valid ? unfinished(key) : { key, status: 'failed', failure });
    return valid;
  }

  outcomeOf(key: string): Delivered {
    return this.outcomes.get(key) ?? unfinished(key);
  }

  async claim(
    open: readonly OutgoingEmail[],
  ): Promise<{ claimed: Claimed; busy: readonly OutgoingEmail[]; waitMs: number }> {
    const claim = randomUUID();
    const claimedAt = performance.now();
    const { bulkId, retryFailed } = this.options;
    const answers = await this.parts.ledger.claim(
      open.map((message) => ({
        key: message.key,
        to: mailboxOf(message).address,
        position: message.position,
        messageId: this.messageIdOf(message),
      })),
      { claim, leaseMs: LEASE_MS, bulkId, retryFailed },
    );
    const mine: Mine[] = [];
    const busy: OutgoingEmail[] = [];
    let waitMs = 0;
    for (const message of open) {
      const answer: ClaimAnswer = answers.get(message.key) ?? { state: 'busy', leftMs: 0 };
      if (answer.state === 'claimed') mine.push({ message, date: answer.date });
      else if (answer.state === 'busy') {
        busy.push(message);
        waitMs = Math.max(waitMs, answer.leftMs);
      } else this.outcomes.set(message.key, known(message.key, answer));
    }
    return { claimed: { messages: mine, claim, claimedAt }, busy, waitMs };
  }

  /** Sends the claimed messages and returns claims that could not be begun. */
  async send({ messages, claim, claimedAt }: Claimed): Promise<void> {
    if (messages.length === 0) return;
    const { ledger, transport } = this.parts;
    const settler = createSettler<Settlement>(ledger, claim);
    const keys = messages.map(({ message }) => message.key);
    const lease = keepLease((leaseMs) => ledger.renew(keys, claim, leaseMs), claimedAt);
    const pass: Pass = { settler, unsure: [], failuresInARow: 0, halted: undefined };
    const queue = messages.values();
    const lane = async (): Promise<void> => {
      for (const mine of queue) {
        pass.halted ??= this.reasonToStop(lease);
        if (pass.halted === undefined) await this.sendOne(mine, pass);
        else pass.unsure.push({ key: mine.message.key, failure: pass.halted, begun: false });
      }
    };
    try {
      await Promise.all(Array.from({ length: Math.min(transport.concurrency, messages.length) }, lane));
      this.settleUnsure(pass);
      await settler.flush();
    } finally {
      lease.end();
    }
    this.options.signal.throwIfAborted();
    if (pass.halted !== undefined && !this.givesUpOn(pass.halted)) throw pass.halted;
  }

  private reasonToStop(lease: Lease): PerennialError | undefined {
    if (this.options.signal.aborted) return new PerennialError('EmailServerUnavailable', 'stopped before it was sent');
    if (lease.valid()) return undefined;
    return new PerennialError('DatabaseUnavailable', 'expected the ledger of mail to be reachable, got no answer');
  }

  private async sendOne({ message, date }: Mine, pass: Pass): Promise<void> {
    const { key, email } = message;
    const messageId = this.messageIdOf(message);
    const to = mailboxOf(message);
    try {
      const bytes = email.bytes({ to: [to], ...message.headers, messageId, date });
      const { code } = await this.parts.transport.send({ from: this.parts.from, to: to.address, bytes });
      pass.failuresInARow = 0;
      this.finish({ key, status: 'sent', messageId });
      pass.settler.add({ key, state: 'sent', code });
    } catch (error) {
      this.noteFailure(key, error, pass);
    }
  }

  private messageIdOf({ key, messageKey }: OutgoingEmail): string {
    return messageIdOf(messageKey ?? key, this.parts.domain);
  }

  private noteFailure(key: string, error: unknown, pass: Pass): void {
    const failure = toEmailFailure(error);
    const reach = reachOf(failure, error);
    if (reach === 'message') {
      pass.failuresInARow = 0;
      const status = isPassing(failure) && this.options.giveUp !== true ? 'deferred' : 'failed';
      this.finish({ key, status, failure });
      pass.settler.add({ key, state: status, code: smtpCodeOf(error), failure });
      return;
    }
    // A single message can make a server hang up; only several failures in a row mean that it is away.
    pass.failuresInARow += 1;
    if (reach === 'installation' || pass.failuresInARow >= this.patience) pass.halted ??= failure;
    pass.unsure.push({ key, failure, begun: true });
  }

  private get patience(): number {
    return Math.max(3, 2 * this.parts.transport.concurrency);
  }

  /** Decides the messages that met an unreachable server: they are deferred, unless no further round follows. */
  private settleUnsure({ unsure, halted, settler }: Pass): void {
    const final = halted === undefined ? this.options.giveUp === true : this.givesUpOn(halted);
    for (const { key, failure, begun } of unsure) {
      this.finish({ key, status: final ? 'failed' : 'deferred', failure });
      settler.add({ key, state: final ? 'failed' : 'deferred', ...(final || begun ? { failure } : {}) });
    }
  }

  private givesUpOn(failure: PerennialError): boolean {
    const { giveUpOnServer, signal } = this.options;
    return (
      giveUpOnServer === true && (failure.type === 'EmailServerUnavailable' || isPassing(failure)) && !signal.aborted
    );
  }

  private finish(outcome: Delivered): void {
    this.outcomes.set(outcome.key, outcome);
    this.done += 1;
    this.options.onProgress?.(this.done);
  }

  private done = 0;
}

/** The recipient of a message that was judged before. */
function mailboxOf({ to }: OutgoingEmail): Mailbox {
  return parseMailbox(to) ?? { address: to };
}

function isPassing({ type }: PerennialError): boolean {
  return type === 'EmailDeferred' || type === 'EmailGreylisted';
}

function unfinished(key: string): Delivered {
  return { key, status: 'deferred', failure: new PerennialError('Unexpected', 'the message was not reached') };
}

function known(key: string, answer: Exclude<ClaimAnswer, { state: 'claimed' | 'busy' }>): Delivered {
  switch (answer.state) {
    case 'sent':
      return { key, status: 'sent', messageId: answer.messageId };
    case 'failed':
      return { key, status: 'failed', failure: answer.failure };
    case 'foreign':
      return { key, status: 'failed', failure: keyReused() };
  }
}
