/** Reads the fenced blocks and links of Markdown files, for the tests of the documentation. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A fenced block. */
export interface Block {
  readonly file: string;
  /** Number of its first line of code, counted from 1. */
  readonly line: number;
  /** The word after the fence, for example `ts`. */
  readonly language: string;
  /** Path of the file that the block shows, when the fence names one after the language. */
  readonly path?: string;
  readonly code: string;
}

/** A relative link of a document. */
export interface Link {
  readonly file: string;
  /** Path relative to the file of the link; may end with `#heading`. */
  readonly target: string;
}

/** Returns the Markdown files that git tracks or would add. */
export function markdownFiles(repository: string): readonly string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate', '*.md', '**/*.md'];
  const listed = execFileSync('git', args, { cwd: repository, encoding: 'utf8' });
  return listed.split('\n').filter((path) => path !== '');
}

/** Returns all fenced blocks of a document. */
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

/** Returns the lines that a `diff` block adds, which begin with `+` below the name of their file. */
export function additionsOf({ language, code }: Block): readonly Addition[] {
  if (language !== 'diff') return [];
  let file = '';
  return code.split('\n').flatMap((line): Addition[] => {
    if (line.startsWith('+')) return [{ file, line: line.slice(1) }];
    file = line;
    return [];
  });
}

/** Returns the links of a document to other files, including images; code is not searched. */
export function linksOf(repository: string, file: string): readonly Link[] {
  const text = readFileSync(join(repository, file), 'utf8')
    .replaceAll(/^```[\s\S]*?^```\s*$/gm, '')
    .replaceAll(/`[^`\n]*`/g, '');
  const targets = [...text.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)|(?:src|href)="([^"]+)"/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  );
  return targets.filter((target) => !/^([a-z]+:|\/\/)/i.test(target)).map((target) => ({ file, target }));
}

/** Returns the anchor that GitHub generates for a heading. */
export function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');
}
