/** What must hold for the headers of a message, without the library that composes messages. */
import { createHash } from 'node:crypto';
import { PerennialError } from '../../contracts/failures.ts';

/** Characters that would end a header and start another. */
const CONTROL = /[\u0000-\u001f\u007f\u0085\u2028\u2029]/;

/**
 * Refuses a text with control characters, which would end its header and start another.
 * @throws PerennialError `UnsafeHeader`
 */
export function requireOneLine(text: string, field: string): void {
  if (CONTROL.test(text))
    throw new PerennialError('UnsafeHeader', `${field}: expected one line, got a text with control characters`);
}

/** Derives the Message-ID from a business key: the same for every attempt (RFC 5322, 3.6.4). */
export function messageIdOf(key: string, domain: string): string {
  return `<${createHash('sha256').update(key).digest('hex').slice(0, 40)}@${domain}>`;
}
