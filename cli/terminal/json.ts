/** Reads JSON from options and files; its bounds are checked before it is parsed. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readJson } from '../../contracts/values/json/reading.ts';
import { INPUT_BOUNDS, type JsonBounds, jsonFault } from '../../contracts/values/json/text.ts';
import { type CliContext, wrongField } from './context.ts';

/** Parses JSON of unknown origin. @throws UsageError that begins with `field` */
export function parseJson(bytes: Uint8Array, field: string, bounds: JsonBounds = INPUT_BOUNDS): unknown {
  const fault = jsonFault(bytes, bounds);
  if (fault !== undefined) throw wrongField({ field, ...fault });
  const read = readJson(bytes, field, { quotes: true });
  if ('value' in read) return read.value;
  throw wrongField(read.fault);
}

/** Reads a file of JSON. @throws UsageError when it cannot be read, is too large or is not JSON */
export async function readJsonFile(
  { cwd }: Pick<CliContext, 'cwd'>,
  file: string,
  field: string,
  bounds?: JsonBounds,
): Promise<unknown> {
  const bytes = await readFile(path.resolve(cwd, file)).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw wrongField({ field, expected: 'a file that can be read', got: reason });
  });
  return parseJson(bytes, field, bounds);
}

/** Reads the JSON of an option: the text itself, or a file when it is `@file`. @throws UsageError as the two above */
export async function jsonArgument(
  context: Pick<CliContext, 'cwd'>,
  text: string,
  option = '--input',
): Promise<unknown> {
  if (text.startsWith('@')) return readJsonFile(context, text.slice(1), option);
  return parseJson(Buffer.from(text), option);
}
