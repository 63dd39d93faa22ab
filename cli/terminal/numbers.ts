/** Numbers on the command line. */
import { InvalidArgumentError } from 'commander';

/** A number from text. @throws InvalidArgumentError, which the command line shows with the name of the option */
export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('expected a number');
  return value;
}
