/** Chooses the channel of a message to a user, and takes the other one when that cannot bring it. */
import { PerennialError, failures } from '../../contracts/failures.ts';
import type { UserMessageOutput } from '../../contracts/messages/schema.ts';
import type { MessageType } from '../../contracts/messages/vocabulary.ts';
import { quietForMs } from './quiet-hours.ts';
import type { Mailer } from '../email/port.ts';
import type { Channel, Contact, Contacts, Orchestrator, Texter, UserMessage } from './port.ts';

/** What messages to users are sent with. */
export interface OrchestratorPorts {
  readonly texter: Texter;
  readonly mailer: Pick<Mailer, 'prepare' | 'deliver'>;
  readonly contacts: Contacts;
  /** Returns the time. */
  readonly now: () => Date;
}

/** What disturbs quiet hours. */
const URGENT: ReadonlySet<MessageType> = new Set(['financial_alert']);

/** Creates the orchestrator. */
export function createOrchestrator(ports: OrchestratorPorts): Orchestrator {
  return {
    send: async (message, signal) => {
      const contact = await ports.contacts.find(message.userId);
      if (contact === undefined)
        throw new PerennialError('UserMissing', 'userId: expected the id of a user, got one that nobody has');
      return sendOnChannels(ports, message, contact, signal);
    },
  };
}

async function sendOnChannels(
  ports: OrchestratorPorts,
  message: UserMessage,
  contact: Contact,
  signal: AbortSignal,
): Promise<UserMessageOutput> {
  const { wanted, skipped } = channelsFor(message, contact, ports.now());
  let failed: PerennialError | undefined = skipped;
  for (const channel of wanted) {
    const { key, userId, messageType } = message;
    const sent = await SENDERS[channel](ports, message, contact, signal).catch(refusalIn);
    const status = typeof sent === 'string' ? 'sent' : 'failed';
    // What cannot be noted fails the attempt: the other channel would bring the message a second time.
    await ports.contacts.note({ key, userId, messageType, channel, status });
    if (typeof sent === 'string') {
      const fellBack = failed === undefined ? {} : { fell_back: failed.type };
      return { status: 'sent', user_id: userId, channel, message_key: key, reference: sent, ...fellBack };
    }
    failed = sent;
  }
  throw failed ?? new PerennialError('NoChannel', 'userId: expected a user with a phone or an address, got neither');
}

/** Returns what another attempt would meet again, which makes room for the other channel; anything else fails the attempt. */
function refusalIn(error: unknown): PerennialError {
  const isRefusal = error instanceof PerennialError && failures[error.type].class === 'permanent';
  // A statement that our own database refused says nothing about the channel.
  if (!isRefusal || error.type === 'DatabaseRejected') throw error;
  return error;
}

interface Channels {
  /** In the order in which they are tried. */
  readonly wanted: readonly Channel[];
  /** Why the first wish of the user is not among them. */
  readonly skipped: PerennialError | undefined;
}

function channelsFor({ only, messageType }: UserMessage, contact: Contact, now: Date): Channels {
  const order: readonly Channel[] = contact.channel === 'sms' ? ['sms', 'email'] : ['email', 'sms'];
  const able = order.filter((channel) => isAble(channel, contact) && (only === undefined || only === channel));
  const quietMs = URGENT.has(messageType) ? 0 : quietForMs(contact, now);
  if (quietMs === 0 || !able.includes('sms')) return { wanted: able, skipped: undefined };
  // Mail disturbs nobody.
  const skipped = new PerennialError(
    'QuietHours',
    'expected an hour at which the user wants messages, got a quiet one',
    {
      retryAfterMs: quietMs,
    },
  );
  return { wanted: able.filter((channel) => channel !== 'sms'), skipped };
}

function isAble(channel: Channel, { phone, wantsTexts, email }: Contact): boolean {
  return channel === 'sms' ? phone !== undefined && wantsTexts : email !== '';
}

type SendOn = (
  ports: OrchestratorPorts,
  message: UserMessage,
  contact: Contact,
  signal: AbortSignal,
) => Promise<string>;

const SENDERS: Readonly<Record<Channel, SendOn>> = {
  sms: async ({ texter }, { key, userId, messageType, body }, { phone = '' }, signal) => {
    const { sid } = await texter.send({ key, to: phone, body, messageType, userId }, signal);
    return sid;
  },
  email: async ({ mailer }, { key, body, subject, bulk = false }, { email: to }, signal) => {
    const email = await mailer.prepare({ subject, text: body, bulk }, signal);
    const [sent] = await mailer.deliver([{ key, to, email }], { signal, retryFailed: true });
    if (sent === undefined) throw new TypeError('expected one outcome for a message, got none');
    if (sent.status !== 'sent') throw sent.failure;
    return sent.messageId;
  },
};
