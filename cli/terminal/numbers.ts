/** Parsers of numbers on the command line; commander adds the name of the option to their errors. */
import { InvalidArgumentError } from 'commander';

/** Parses a number. @throws InvalidArgumentError */
export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError(`expected a number, got '${text}'`);
  return value;
}

/**
 * Makes the parser of whole numbers.
 *
 * @param most - the largest number allowed @defaultValue no limit
 */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const expected =
    most === Number.MAX_SAFE_INTEGER ? `a whole number from ${least}` : `a whole number from ${least} to ${most}`;
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(`expected ${expected}, got '${text}'`);
    return value;
  };
}

/** Parses the number of rows on one page of a list, 1 to 500. @throws InvalidArgumentError */
export const pageSize = wholeNumber(1, 500);
