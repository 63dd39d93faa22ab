/** Messages of failures: bounded, and those of others without what may not be read. */
import { PerennialError } from '../../failures.ts';
import { withoutPrivate } from '../../values/private-text.ts';
import { isA, textOf } from './reading.ts';

/** Longest message of a failure, in characters: it travels several times in one answer to the server, which takes 4 MB. */
export const LONGEST_MESSAGE = 10_000;

/** Longest message of an error of another, in characters: who wrote it knew nothing of this limit. */
const LONGEST_FOREIGN = 2_000;

/** Longest name of an error, in characters. */
export const LONGEST_NAME = 100;

/** Returns the message of anything that was thrown. */
export function messageOf(error: unknown): string {
  if (isA(error, PerennialError)) return shortened(textOf(error, 'message'), LONGEST_MESSAGE);
  const text = typeof error === 'string' ? error : textOf(error, 'message');
  const message = withoutPrivate(shortened(text, LONGEST_FOREIGN));
  if (isA(error, Error)) return `${textOf(error, 'name').slice(0, LONGEST_NAME) || 'Error'}: ${message}`;
  if (message !== '') return message;
  return `expected an error, got ${error === null ? 'null' : `a value of the type ${typeof error}`}`;
}

/** Shortens a text. The word at the cut is dropped, because half of an address or secret would not be recognised. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most).replace(/\S{1,200}$/, '')}… (${String(text.length)} characters)`;
}
