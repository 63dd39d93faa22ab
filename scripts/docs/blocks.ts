/** Fenced blocks and links of Markdown files, for the tests that keep documents true. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A fenced block. */
export interface Block {
  readonly file: string;
  /** Line of its first line of code, from 1. */
  readonly line: number;
  /** The word after the fence, for example `ts`. */
  readonly language: string;
  /** The file that the block is the content of, where the fence names one after the language. */
  readonly path?: string;
  readonly code: string;
}

/** A relative link of a document. */
export interface Link {
  readonly file: string;
  /** Where it leads, relative to its file; may end with `#heading`. */
  readonly target: string;
}

/** The Markdown files that git knows or would add. */
export function markdownFiles(repository: string): readonly string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate', '*.md', '**/*.md'];
  const listed = execFileSync('git', args, { cwd: repository, encoding: 'utf8' });
  return listed.split('\n').filter((path) => path !== '');
}

/** All fenced blocks of a document. */
export function blocksOf(repository: string, file: string): readonly Block[] {
  const text = readFileSync(join(repository, file), 'utf8');
  return [...text.matchAll(/^```(\w*) ?([^\n]*)\n([\s\S]*?)^```\s*$/gm)].map((match) => ({
    file,
    line: text.slice(0, match.index).split('\n').length + 1,
    language: match[1] ?? '',
    ...(match[2] === undefined || match[2] === '' ? {} : { path: match[2] }),
    code: match[3] ?? '',
  }));
}

/** A line that a `diff` block adds to a file. */
export interface Addition {
  readonly file: string;
  readonly line: string;
}

/** What a `diff` block adds: lines that begin with `+`, each below the name of its file. */
export function additionsOf({ language, code }: Block): readonly Addition[] {
  if (language !== 'diff') return [];
  let file = '';
  return code.split('\n').flatMap((line): Addition[] => {
    if (line.startsWith('+')) return [{ file, line: line.slice(1) }];
    file = line;
    return [];
  });
}

/** The links of a document that lead to other files, images included; code is not searched. */
export function linksOf(repository: string, file: string): readonly Link[] {
  const text = readFileSync(join(repository, file), 'utf8')
    .replaceAll(/^```[\s\S]*?^```\s*$/gm, '')
    .replaceAll(/`[^`\n]*`/g, '');
  const targets = [...text.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)|(?:src|href)="([^"]+)"/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  );
  return targets.filter((target) => !/^([a-z]+:|\/\/)/i.test(target)).map((target) => ({ file, target }));
}

/** The anchor that GitHub makes of a heading. */
export function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');
}
