/**
 * The gate for regular expressions: none of the product may take a time that grows faster than the text it is
 * matched against, because texts come from strangers.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runInNewContext } from 'node:vm';
import { type AttackPattern, check } from 'recheck';
import ts from 'typescript';

const REPOSITORY = resolve(import.meta.dirname, '../..');

/** Code that never meets a text of a stranger. */
const TOOLS = /^(test|bench|scripts|conformance)\//;

/** How long one pattern is looked at, in milliseconds. */
const TIMEOUT_MS = 120_000;

/** Length of a text that is tried, and how long a pattern may take for it, in milliseconds. */
const TRIED = 20_000;
const MOST_MS = 50;

/** A regular expression and where it first stands. */
export interface Pattern {
  readonly source: string;
  readonly flags: string;
  /** Path and line. */
  readonly place: string;
}

/** The regular expressions of a file. */
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

/** Every regular expression of the product, each once. */
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
 * What is wrong with a pattern, with a text that shows it; nothing where its time is in proportion to the text. What
 * the checker suspects is tried on the engine itself: its own is slower, and bounds count for more there.
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

/** The text of an attack, repeated to the length that is tried. */
function attackOf({ pumps, suffix }: AttackPattern): string {
  const once = pumps.map(({ prefix, pump }) => prefix + pump).join('');
  const length = pumps.reduce((sum, { pump }) => sum + pump.length, 0);
  const times = Math.max(1, Math.floor((TRIED - once.length) / Math.max(1, length)));
  return pumps.map(({ prefix, pump }) => prefix + pump.repeat(times)).join('') + suffix;
}

/** How long the engine takes, in milliseconds of this process; one that takes far too long is interrupted. */
function timeOf(pattern: RegExp, text: string): number {
  const before = process.cpuUsage();
  try {
    runInNewContext('text.replace(pattern, "")', { text, pattern }, { timeout: 20 * MOST_MS });
  } catch {
    // Interrupted: the time tells.
  }
  return process.cpuUsage(before).user / 1000;
}

/** Looks at patterns, two at a time: each keeps a core busy. */
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
