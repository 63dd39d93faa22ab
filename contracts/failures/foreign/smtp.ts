/** What the codes of a mail server mean: basic ones (RFC 5321) and enhanced ones (RFC 3463). */
import type { FailureType } from '../../failures.ts';

const BASIC: Readonly<Record<number, FailureType>> = {
  421: 'EmailGreylisted',
  432: 'EmailAuthFailed', // the password must be changed
  521: 'RecipientRejected', // the host takes no mail
  530: 'EmailAuthFailed',
  534: 'EmailAuthFailed',
  535: 'EmailAuthFailed',
  538: 'EmailAuthFailed',
  550: 'RecipientRejected',
  551: 'RecipientRejected',
  553: 'RecipientRejected',
  556: 'RecipientRejected',
};

/** By subject, then by subject and detail, which goes before it. */
const ENHANCED: Readonly<Record<string, FailureType>> = {
  '4.7.1': 'EmailGreylisted',
  '5.1': 'RecipientRejected',
  '5.2': 'RecipientRejected',
  '5.2.3': 'MessageRejected', // longer than the mailbox takes
  '5.3': 'MessageRejected',
  '5.5': 'MessageRejected',
  '5.6': 'MessageRejected',
  '5.7': 'MessageRejected',
  '5.7.8': 'EmailAuthFailed',
  '5.7.9': 'EmailAuthFailed',
  '5.7.11': 'EmailAuthFailed',
  '5.7.13': 'EmailAuthFailed',
  '5.7.14': 'EmailAuthFailed',
};

/** Greylisting has no code and is recognised by its text (RFC 6647). */
const GREYLIST_WORDS =
  /gr[ea]y[- ]?list|try again (?:later )?in \d|retry (?:after|in) \d|temporarily deferred.*new sender/i;

/** Characters of an answer that are searched. */
const SEARCHED = 1_000;

const ENHANCED_CODE = /^[\s\d-]{0,12}\b([45])\.(\d{1,3})\.(\d{1,3})\b/;

/**
 * Returns the failure that an answer of a mail server means; `undefined` for one that is no refusal.
 *
 * @param code - basic code, 400 to 599
 * @param answer - the line of the server, which may hold an enhanced code
 * @param command - what was refused: without an enhanced code, a refusal of `RCPT` is about the recipient, and one of
 *   `DATA` about the message
 */
export function smtpFailureType(code: number, answer = '', command = ''): FailureType | undefined {
  if (!Number.isInteger(code) || code < 400 || code > 599) return undefined;
  if (GREYLIST_WORDS.test(answer.slice(0, SEARCHED))) return 'EmailGreylisted';
  // The login is asked for whatever the server says about the message.
  if (BASIC[code] === 'EmailAuthFailed') return 'EmailAuthFailed';
  return byAnswer(answer) ?? byCommand(code, command) ?? byCode(code);
}

function byCode(code: number): FailureType {
  return BASIC[code] ?? (code < 500 ? 'EmailDeferred' : 'MessageRejected');
}

function byAnswer(answer: string): FailureType | undefined {
  const [, first, subject, detail] = ENHANCED_CODE.exec(answer) ?? [];
  return first === undefined ? undefined : byEnhanced(`${first}.${String(subject)}`, String(detail));
}

function byCommand(code: number, command: string): FailureType | undefined {
  if (code < 500) return undefined;
  if (command.startsWith('RCPT')) return 'RecipientRejected';
  return command.startsWith('DATA') ? 'MessageRejected' : undefined;
}

function byEnhanced(subject: string, detail: string): FailureType | undefined {
  return ENHANCED[`${subject}.${detail}`] ?? ENHANCED[subject];
}
