/** Recognises failures that have the same cause. */
import { createHash } from 'node:crypto';

/** Longest part of a message that counts. */
const MESSAGE_LENGTH = 500;

/**
 * What differs from one failure to the next although the cause is the same, in the order of replacement: texts in
 * quotes, UUIDs and other hexadecimal numbers, paths and addresses of the web, numbers.
 */
const VARIABLE: readonly (readonly [RegExp, string])[] = [
  [/'[^']{0,300}'|"[^"]{0,300}"|`[^`]{0,300}`/g, '…'],
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '#'],
  [/\b(?:https?:\/)?\/[^\s,;)]{1,300}/g, '/…'],
  [/\b(?=[a-z]*\d)[0-9a-f]{7,64}\b/gi, '#'],
  [/\d+(?:[.,]\d+)*/g, '#'],
];

/** What makes two failures one. */
export interface Failing {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly taskName: string;
  readonly stepPath: string;
  readonly version: string;
}

/** Returns the message without what differs from one failure to the next. */
export function normalised(message: string): string {
  return VARIABLE.reduce(
    (text, [pattern, shown]) => text.replace(pattern, shown),
    message.slice(0, MESSAGE_LENGTH),
  ).trim();
}

/**
 * Returns 12 hexadecimal digits that are equal for failures with one cause: the same kind of failure with the same
 * message, numbers and names apart, in the same step of the same version. Positions in a step path do not count,
 * because members of a group fail because of one cause.
 */
export function fingerprintOf({ errorType, errorMessage, taskName, stepPath, version }: Failing): string {
  const step = stepPath.replace(/\d+/g, '#');
  return digest([errorType, normalised(errorMessage), taskName, step, version]).slice(0, 12);
}

/** Returns a checksum of an input, which tells whether two are the same and nothing else. */
export function hashOfInput(taskName: string, input: unknown): string {
  return digest([taskName, JSON.stringify(input)]);
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
