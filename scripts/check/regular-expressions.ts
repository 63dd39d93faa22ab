/**
 * The gate for regular expressions: the time of a match must not grow faster than the length of its text, because the
 * product matches texts that strangers send.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runInNewContext } from 'node:vm';
import { type AttackPattern, check } from 'recheck';
import ts from 'typescript';

const REPOSITORY = resolve(import.meta.dirname, '../..');

/** Folders of code that never receives a text of a stranger. */
const TOOLS = /^(test|bench|scripts|conformance)\//;

/** Maximum duration of the check of one pattern, in milliseconds. */
const TIMEOUT_MS = 120_000;

/** Number of characters in the text of an attack. */
const TRIED = 20_000;
/** Maximum CPU time of a match of this text, in milliseconds. */
const MOST_MS = 50;

/** A regular expression and its first place in the source. */
export interface Pattern {
  readonly source: string;
  readonly flags: string;
  /** Path and line, as `PATH:LINE`. */
  readonly place: string;
}

/** Returns the regular expressions of a file. */
export function patternsOf(path: string, code: string): readonly Pattern[] {
  const file = ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true);
  const found: Pattern[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      found.push({ source: node.text.slice(1, end), flags: node.text.slice(end + 1), place: `${path}:${line}` });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Returns every regular expression of the product, without duplicates. */
export function patternsOfProduct(): readonly Pattern[] {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts'], {
    cwd: REPOSITORY,
    encoding: 'utf8',
  });
  const unique = new Map<string, Pattern>();
  for (const path of files.split('\n').filter((file) => file !== '' && !TOOLS.test(file)))
    for (const pattern of patternsOf(path, readFileSync(join(REPOSITORY, path), 'utf8')))
      if (!unique.has(`/${pattern.source}/${pattern.flags}`))
        unique.set(`/${pattern.source}/${pattern.flags}`, pattern);
  return [...unique.values()];
}

/**
 * Returns the problem of a pattern with a text that shows it; `undefined` when its time is in proportion to the text. A
 * pattern that the checker suspects is run in the engine of Node, because the checker has a slower engine of its own,
 * in which bounded repetitions count for more.
 */
export async function problemOf({ source, flags, place }: Pattern): Promise<string | undefined> {
  const verdict = await check(source, flags, { timeout: TIMEOUT_MS });
  if (verdict.status === 'safe') return undefined;
  if (verdict.status === 'unknown')
    return `${place}: /${source}/${flags} could not be decided (${verdict.error.kind}): make it simpler`;
  const took = timeOf(new RegExp(source, flags), attackOf(verdict.attack));
  if (took < MOST_MS) return undefined;
  const example = verdict.attack.pattern.slice(0, 120);
  return `${place}: /${source}/${flags} takes ${took.toFixed(0)} ms for ${TRIED} characters such as ${example}`;
}

/** Returns the text of an attack, repeated to the length that is matched. */
function attackOf({ pumps, suffix }: AttackPattern): string {
  const once = pumps.map(({ prefix, pump }) => prefix + pump).join('');
  const length = pumps.reduce((sum, { pump }) => sum + pump.length, 0);
  const times = Math.max(1, Math.floor((TRIED - once.length) / Math.max(1, length)));
  return pumps.map(({ prefix, pump }) => prefix + pump.repeat(times)).join('') + suffix;
}

/** Returns the CPU time of a match in milliseconds; a match that takes far too long is interrupted. */
function timeOf(pattern: RegExp, text: string): number {
  const before = process.cpuUsage();
  try {
    runInNewContext('text.replace(pattern, "")', { text, pattern }, { timeout: 20 * MOST_MS });
  } catch {
    // The match was interrupted; the CPU time below shows it.
  }
  return process.cpuUsage(before).user / 1000;
}

/** Checks patterns, two at a time, because each check keeps one core busy. */
export async function problemsOf(patterns: readonly Pattern[]): Promise<readonly string[]> {
  const waiting = [...patterns];
  const problems: string[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const problem = await problemOf(next);
      if (problem !== undefined) problems.push(problem);
    }
  };
  await Promise.all([work(), work()]);
  return problems.sort();
}
