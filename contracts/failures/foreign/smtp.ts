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

const ENHANCED_CODE = /^[\s\d-]{0,12}\b([45])\.(\d{1,3})\.(\d{1,3})\b/;

/**
 * Returns the failure that an answer of a mail server means; `undefined` for one that is no refusal.
 *
 * @param code - basic code, 400 to 599
 * @param answer - the line of the server, which may hold an enhanced code
 */
export function smtpFailureType(code: number, answer = ''): FailureType | undefined {
  if (!Number.isInteger(code) || code < 400 || code > 599) return undefined;
  const [, first, subject, detail] = ENHANCED_CODE.exec(answer) ?? [];
  const known = first === undefined ? undefined : byEnhanced(`${first}.${String(subject)}`, String(detail));
  return known ?? BASIC[code] ?? (code < 500 ? 'EmailDeferred' : 'MessageRejected');
}

function byEnhanced(subject: string, detail: string): FailureType | undefined {
  return ENHANCED[`${subject}.${detail}`] ?? ENHANCED[subject];
}
