/** Faults of the command line that commander finds, as problem details. */
import type { CommanderError } from 'commander';
import type { FieldFault } from '../../contracts/values/field-faults.ts';
import type { CliContext } from './context.ts';
import { note } from './output.ts';

/** Names of commander for what it misses or does not know, with what it expects there. */
const EXPECTED: Readonly<Record<string, string>> = {
  'commander.unknownOption': 'an option of the command',
  'commander.unknownCommand': 'a command',
  'commander.missingArgument': 'an argument',
  'commander.missingMandatoryOptionValue': 'the option',
  'commander.optionMissingArgument': 'a value',
  'commander.excessArguments': 'no further argument',
};

/** Prints the fault as problem details (RFC 9457), as other errors are printed. */
export function explainUsage({ code, message }: CommanderError, context: CliContext): void {
  const detail = message.replace(/^error: /, '');
  const errors = [faultIn(code, detail)];
  note(context, JSON.stringify({ type: 'about:blank', title: 'The command line is wrong.', detail, errors }));
}

/** The parsers of values say what they expect and what they got. */
function faultIn(code: string, detail: string): FieldFault {
  const field = /'([^']*)'/.exec(detail)?.[1] ?? '';
  const said = saidIn(detail);
  if (said !== undefined) return { field, ...said };
  const got = /argument '([^']*)' is invalid/.exec(detail)?.[1] ?? nothingOr(code, field);
  return { field, expected: choicesIn(detail) ?? EXPECTED[code] ?? 'another value', got };
}

const BEFORE = 'expected ';
const BETWEEN = ', got ';

/** Splits a message by its words, because a pattern would take long for a long one. */
function saidIn(detail: string): Pick<FieldFault, 'expected' | 'got'> | undefined {
  const from = detail.toLowerCase().indexOf(BEFORE);
  const between = detail.lastIndexOf(BETWEEN);
  if (from === -1 || between < from + BEFORE.length) return undefined;
  return { expected: detail.slice(from + BEFORE.length, between), got: detail.slice(between + BETWEEN.length) };
}

function nothingOr(code: string, field: string): string {
  return code.startsWith('commander.unknown') ? field : 'nothing';
}

/** The choices that commander lists for an option that has some. */
function choicesIn(detail: string): string | undefined {
  const choices = /Allowed choices are (.+)\.$/.exec(detail)?.[1];
  return choices === undefined ? undefined : `one of ${choices}`;
}
