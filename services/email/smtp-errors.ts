/** Tells what an error of the SMTP transport means: an answer of the server by its code, anything else by the connection. */
import { PerennialError, type FailureType } from '../../contracts/failures.ts';
import { codeFailureType } from '../../contracts/failures/foreign/codes.ts';
import { smtpFailureType } from '../../contracts/failures/foreign/smtp.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../contracts/values/units.ts';

/** Properties that nodemailer adds to its errors; all may be absent. */
interface SmtpFacts {
  readonly code: string;
  readonly responseCode: number | undefined;
  readonly response: string;
  readonly command: string;
}

/** Delay after greylisting. RFC 6647 advises receivers to accept after minutes; five satisfy most of them. */
const GREYLIST_MS = 5 * MINUTE_MS;

/** Longest delay that a server can ask for at once. */
const LONGEST_WAIT_MS = 60 * MINUTE_MS;

/** Codes that nodemailer and Node give besides those of `codeFailureType`. */
const TLS_CODES = /^(ETLS|CERT_|ERR_TLS|ERR_SSL|UNABLE_TO_)/;

/** Failures that an operator must repair, so that sending the next message is pointless. */
const INSTALLATION_FAILURES: ReadonlySet<FailureType> = new Set([
  'EmailAuthFailed',
  'EmailTlsFailed',
  'EmailNotConfigured',
]);

/** How far a failure reaches: one message, possibly every other message, or certainly every other one. */
export type Reach = 'message' | 'server' | 'installation';

/**
 * Determines how far a failure reaches. Only the error tells whether the server refused before it knew of any message.
 */
export function reachOf(failure: PerennialError, error: unknown): Reach {
  if (INSTALLATION_FAILURES.has(failure.type)) return 'installation';
  return failure.type === 'EmailServerUnavailable' || isGreeting(factsOf(error)) ? 'server' : 'message';
}

/** Recognises an answer to the connection itself or to our greeting, which no message caused. */
function isGreeting({ command }: SmtpFacts): boolean {
  return /^(CONN|EHLO|HELO)/.test(command);
}

/** Maps an error of the SMTP transport to a failure of the registry. Its message contains no address and no URL. */
export function toEmailFailure(error: unknown): PerennialError {
  if (error instanceof PerennialError) return error;
  const facts = factsOf(error);
  const answer = facts.response === '' ? '' : `, got: ${withoutPersons(facts.response)}`;
  const type = typeOf(facts, error);
  switch (type) {
    case 'EmailAuthFailed':
      return new PerennialError(type, `expected the mail server to accept the login${answer}`);
    case 'EmailTlsFailed':
      return new PerennialError(
        type,
        `expected a trusted encrypted connection, got ${facts.code || 'an error of TLS'}`,
      );
    case 'EmailGreylisted':
      return new PerennialError(type, `expected the mail server to take the message${answer}`, {
        retryAfterMs: waitOf(facts.response),
      });
    case 'EmailServerUnavailable':
      return new PerennialError(type, `expected the mail server to answer, got ${facts.code || 'no answer'}`);
    default:
      return new PerennialError(type, `expected the mail server to take the message${answer}`);
  }
}

/** Returns the SMTP code of an error; `undefined` when the server did not answer. */
export function smtpCodeOf(error: unknown): number | undefined {
  return factsOf(error).responseCode;
}

function typeOf(facts: SmtpFacts, error: unknown): FailureType {
  const { code, responseCode, response, command } = facts;
  if (isTls(code, error)) return 'EmailTlsFailed';
  if (responseCode === undefined) return code === 'EAUTH' ? 'EmailAuthFailed' : 'EmailServerUnavailable';
  const type = smtpFailureType(responseCode, response, command) ?? 'EmailDeferred';
  if (responseCode < 500 || type === 'EmailAuthFailed') return type;
  if (code === 'EAUTH') return 'EmailAuthFailed';
  return isGreeting(facts) ? 'EmailServerUnavailable' : type;
}

function isTls(code: string, error: unknown): boolean {
  if (TLS_CODES.test(code) || codeFailureType(code) === 'BackendUntrusted') return true;
  // nodemailer replaces the code of a TLS error by ESOCKET, so its message is searched.
  const message = error instanceof Error ? error.message : '';
  return code === 'ESOCKET' && /certificate|self.signed|\bssl\b|\btls\b/i.test(message);
}

function factsOf(error: unknown): SmtpFacts {
  if (typeof error !== 'object' || error === null)
    return { code: '', responseCode: undefined, response: '', command: '' };
  const text = (name: string): string => {
    const value: unknown = Reflect.get(error, name);
    return typeof value === 'string' ? value : '';
  };
  const responseCode: unknown = Reflect.get(error, 'responseCode');
  return {
    code: text('code'),
    responseCode: typeof responseCode === 'number' && responseCode >= 400 ? responseCode : undefined,
    response: text('response'),
    command: text('command'),
  };
}

/** Returns the delay in "try again in 300 seconds" or "retry after 5 minutes", at most an hour. */
function waitOf(response: string): number {
  const found = /(?:in|after|for)\s+(\d{1,5})\s*([smh])?/.exec(response.toLowerCase());
  if (found === null) return GREYLIST_MS;
  const unit = found[2] ?? 's';
  const factor = unit === 'h' ? HOUR_MS : unit === 'm' ? MINUTE_MS : SECOND_MS;
  return Math.min(Math.max(Number(found[1]) * factor, SECOND_MS), LONGEST_WAIT_MS);
}

/** Removes addresses and links, which may contain names and tokens, from what a server answered. */
function withoutPersons(response: string): string {
  return response
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/https?:\/\/\S+/gi, '[link]')
    .replaceAll(/<[^<>]*>/g, '[address]')
    .replaceAll(/[^\s<>"'(),;:]+/g, (word) => (word.includes('@') ? '[address]' : word))
    .slice(0, 160);
}
