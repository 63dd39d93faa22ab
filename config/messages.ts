/** Settings of text messages. */
import { isHttpUrl, list, mapped, number, optional } from './entries.ts';
import { withoutEnd } from '../contracts/values/text.ts';

/** A number, a short code, a name of up to 11 characters, or the id of a messaging service. */
const isSender = (value: string): boolean =>
  /^(?:\+[1-9]\d{4,14}|\d{3,8}|MG[0-9a-f]{32}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/.test(value);

export const messages = {
  /** `undefined` when the local stack is to keep messages. */
  accountSid: optional(
    'TWILIO_ACCOUNT_SID',
    'AC and 32 hexadecimal digits',
    (value) => /^AC[0-9a-f]{32}$/.test(value),
    {
      doc: 'Account at Twilio that sends text messages. Unset: the local stack keeps every message in its inbox and sends none.',
    },
  ),
  authToken: optional('TWILIO_AUTH_TOKEN', 'the token of the account', (value) => value.length >= 8, {
    doc: 'Token of the account; it also signs what Twilio tells about messages.',
    secret: true,
  }),
  /** Without a slash at its end; `undefined` for Twilio itself. */
  apiUrl: mapped(
    optional('TWILIO_API_URL', 'an http or https URL', isHttpUrl, {
      doc: 'Address that takes the place of https://api.twilio.com, for a service that speaks the same HTTP.',
      defaultText: 'https://api.twilio.com',
    }),
    (url) => (url === undefined ? undefined : withoutEnd(url, /\//)),
  ),
  from: optional('MESSAGES_FROM', 'a number such as +15005550006, a short code, a name, or MG…', isSender, {
    doc: 'Sender of text messages.',
  }),
  segmentCost: number(
    'MESSAGES_SEGMENT_COST',
    0,
    { min: 0, max: 1_000, decimal: true },
    { doc: 'Cost of one part of a text message, in the currency of the account; results and figures tell the sum.' },
  ),
  /** In capitals. */
  stopWords: mapped(
    list('MESSAGES_STOP_WORDS', 'words, separated by commas', (word) => /^[\p{L}\p{N}]{2,30}$/u.test(word), {
      doc: 'Words by which recipients opt out, beside STOP and the others that Twilio knows, such as STOPP,ABMELDEN.',
    }),
    (words) => words.map((word) => word.toUpperCase()),
  ),
  connections: number(
    'MESSAGES_CONNECTIONS',
    20,
    { min: 1, max: 200 },
    { doc: 'Connections to the provider of text messages that one worker holds at most.', unit: 'connections' },
  ),
  timeoutMs: number(
    'MESSAGES_TIMEOUT_MS',
    30_000,
    { min: 100, max: 280_000 },
    { doc: 'Longest wait for an answer of the provider of text messages.', unit: 'ms' },
  ),
};
