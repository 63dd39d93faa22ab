/** Twilio as the provider of text messages, by its official client, which is loaded with the first message. */
import type * as Library from 'twilio';
import type { MessageInstance } from 'twilio/lib/rest/api/v2010/account/message.js';
import type { RequestOptions } from 'twilio/lib/base/RequestClient.js';
import type Answers from 'twilio/lib/http/response.js';
import { DELIVERY_STATUSES, type DeliveryStatus } from '../../contracts/messages/vocabulary.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { whenUsed } from '../../contracts/values/when-used.ts';
import { ProviderRefusal } from './errors.ts';
import type { ProviderMessage, TextProvider } from './port.ts';

/** Settings of {@link createTwilio}. */
export interface TwilioOptions {
  readonly accountSid: string | undefined;
  readonly authToken: string | undefined;
  /** Address that takes the place of Twilio's own; it ends without a slash. */
  readonly apiUrl: string | undefined;
  /** Number, short code, name, or id of a messaging service (`MG…`) that messages come from. */
  readonly from: string | undefined;
  /** Address for news of a message, by its id in the ledger; `undefined` when the provider could not reach it. */
  readonly callbackUrl: ((messageId: string) => string) | undefined;
  readonly connections: number;
  /** Longest wait for an answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** Messages to one number that are looked at when it is not known whether one was taken. */
const LOOKED_AT = 100;

/** Creates the provider. Nothing is connected before the first message. */
export function createTwilio(options: TwilioOptions): TextProvider {
  const { accountSid, authToken, from, callbackUrl, connections } = options;
  if (accountSid === undefined || authToken === undefined || from === undefined) return nowhere;
  const client = whenUsed(() => connect(options, accountSid, authToken));
  const sender = from.startsWith('MG') ? { messagingServiceSid: from } : { from };
  return {
    concurrency: connections,
    send: async ({ to, body, messageId }) => {
      const statusCallback = callbackUrl?.(messageId);
      const callback = statusCallback === undefined ? {} : { statusCallback };
      return known(await (await client()).messages.create({ to, body, ...sender, ...callback }));
    },
    look: async (sid) => {
      try {
        return known(await (await client()).messages(sid).fetch());
      } catch (error) {
        if (error instanceof ProviderRefusal && error.status === 404) return undefined;
        throw error;
      }
    },
    taken: async ({ to, body }, since) => {
      const found = await (await client()).messages.list({ to, limit: LOOKED_AT, pageSize: LOOKED_AT });
      // An account on trial puts a line in front of each text.
      const same = found.filter((one) => one.body.endsWith(body) && createdAt(one) >= since.getTime());
      return same.toSorted((a, b) => createdAt(a) - createdAt(b)).map(known);
    },
  };
}

type Client = ReturnType<typeof Library.default>;

async function connect(
  { apiUrl, connections, timeoutMs }: TwilioOptions,
  accountSid: string,
  authToken: string,
): Promise<Client> {
  const { default: twilio } = await import('twilio');
  class Connections extends twilio.RequestClient {
    override async request<Data>(asked: RequestOptions<Data>): Promise<Answers.default<Data>> {
      const uri = apiUrl === undefined ? asked.uri : apiUrl + new URL(asked.uri).pathname;
      const answer = await super.request<Data>({ ...asked, uri });
      // The library forgets the headers, which say how long to wait.
      if (answer.statusCode >= 400) throw new ProviderRefusal(answer.statusCode, codeIn(answer.body), answer.headers);
      return answer;
    }
  }
  const httpClient = new Connections({ timeout: timeoutMs, maxSockets: connections, maxTotalSockets: connections });
  // The ledger and the policies of tasks decide about repetitions, not the library.
  return twilio(accountSid, authToken, { httpClient, autoRetry: false });
}

function codeIn(body: unknown): number | undefined {
  if (typeof body !== 'object' || body === null || !('code' in body)) return undefined;
  return typeof body.code === 'number' ? body.code : undefined;
}

type Known = Pick<MessageInstance, 'sid' | 'status' | 'errorCode'>;

function known({ sid, status, errorCode }: Known): ProviderMessage {
  // The library passes on what the provider sends: a text that is empty or absent in place of a number, too.
  const code: unknown = errorCode;
  return { sid, status: statusOf(status), errorCode: typeof code === 'number' && code > 0 ? code : undefined };
}

/** Reads a status; `accepted` and `scheduled` are queued, `canceled` has failed, and `read` was delivered. */
export function statusOf(status: string): DeliveryStatus {
  const found = DELIVERY_STATUSES.find((one) => one === status);
  if (found !== undefined) return found;
  if (status === 'canceled') return 'failed';
  return status === 'read' ? 'delivered' : 'queued';
}

function createdAt({ dateCreated }: Pick<MessageInstance, 'dateCreated'>): number {
  return dateCreated.getTime();
}

const missing = (): Promise<never> =>
  Promise.reject(
    new PerennialError(
      'MessagingNotConfigured',
      'expected TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and MESSAGES_FROM to name a provider, got nothing',
    ),
  );

const nowhere: TextProvider = { concurrency: 1, send: missing, look: missing, taken: missing };
