/** What may stand at the end of an unfinished command line, derived from the tree of commands. */
import type { Argument, Command, Option } from 'commander';

/** What only the application or the server knows the names of. */
export type NameKind = 'task' | 'queue' | 'schedule';

/** Something that may stand at the end of the line. */
export interface Candidate {
  readonly word: string;
  readonly purpose: string;
}

/** Returns the names of a kind. */
export type NamesOf = (kind: NameKind) => Promise<readonly string[]>;

/** Arguments and options with these names take a name of the kind. */
const KINDS: ReadonlySet<string> = new Set<NameKind>(['task', 'queue', 'schedule']);

/**
 * Returns what may stand in the place of the last word. Nothing where the shell shall offer files.
 *
 * @param words - after the name of the program; the last one is unfinished and may be empty
 */
export async function candidates(
  program: Command,
  words: readonly string[],
  namesOf: NamesOf,
): Promise<readonly Candidate[]> {
  const [before, unfinished] = [words.slice(0, -1), words.at(-1) ?? ''];
  const { command, positional, waiting } = walk(program, before);
  const found = await candidatesAt({ command, positional, waiting }, unfinished, namesOf);
  return found.filter(({ word }) => word.startsWith(unfinished));
}

interface Place {
  readonly command: Command;
  /** Number of arguments before the unfinished word. */
  readonly positional: number;
  /** Option whose value the unfinished word is. */
  readonly waiting: Option | undefined;
}

function walk(program: Command, words: readonly string[]): Place {
  let place: Place = { command: program, positional: 0, waiting: undefined };
  for (const word of words) place = step(place, word);
  return place;
}

function step({ command, positional, waiting }: Place, word: string): Place {
  if (waiting !== undefined) return { command, positional, waiting: undefined };
  if (word.startsWith('-')) return { command, positional, waiting: optionOf(command, word) };
  const below = command.commands.find((one) => one.name() === word);
  if (below !== undefined) return { command: below, positional: 0, waiting: undefined };
  return { command, positional: positional + 1, waiting: undefined };
}

/** The option of a word that takes the next one as its value. */
function optionOf(command: Command, word: string): Option | undefined {
  return command.options.find((one) => one.required && (one.long === word || one.short === word));
}

async function candidatesAt(place: Place, unfinished: string, namesOf: NamesOf): Promise<readonly Candidate[]> {
  const { command, positional, waiting } = place;
  if (waiting !== undefined) return valuesOf(waiting.attributeName(), waiting, namesOf);
  const [flag = '', value] = unfinished.split(/=(.*)/s);
  const given = value === undefined ? undefined : optionOf(command, flag);
  if (given !== undefined) return prefixed(`${flag}=`, await valuesOf(given.attributeName(), given, namesOf));
  if (unfinished.startsWith('-')) return flagsOf(command);
  const help = command.createHelp();
  const below = help.visibleCommands(command).map((one) => ({ word: one.name(), purpose: one.description() }));
  const argument = argumentAt(command, positional);
  return argument === undefined ? below : [...below, ...(await valuesOf(argument.name(), argument, namesOf))];
}

function argumentAt({ registeredArguments }: Command, position: number): Argument | undefined {
  const last = registeredArguments.at(-1);
  return registeredArguments[position] ?? (last?.variadic === true ? last : undefined);
}

function prefixed(prefix: string, found: readonly Candidate[]): readonly Candidate[] {
  return found.map(({ word, purpose }) => ({ word: `${prefix}${word}`, purpose }));
}

function flagsOf(command: Command): readonly Candidate[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .map(({ long, short, description }) => ({ word: long ?? short ?? '', purpose: description }));
}

async function valuesOf(
  name: string,
  { argChoices }: { readonly argChoices?: readonly string[] | undefined },
  namesOf: NamesOf,
): Promise<readonly Candidate[]> {
  const words = argChoices ?? (KINDS.has(name) ? await namesOf(name as NameKind) : []); // one of the kinds
  return words.map((word) => ({ word, purpose: '' }));
}
