import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { testTitles } from '../../scripts/docs/titles.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const MOST_LINES = 300;

/** What git tracks, less what was deleted and is not committed yet. */
const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: REPOSITORY, encoding: 'utf8' })
  .split('\0')
  .filter((path) => path !== '' && existsSync(join(REPOSITORY, path)));
const read = (path: string): string => readFileSync(join(REPOSITORY, path), 'utf8');
const BINARY = /\.(png|jpe?g|gif|webp|tiff?|bmp|heic|pdf|ico|woff2?|ttf|traineddata|gz|zip)$/i;
const textFiles = tracked.filter((path) => !BINARY.test(path));
const codeFiles = tracked.filter((path) => /\.([cm]?js|ts|sql|sh)$/.test(path));

/** Lines that hold something else than white space and comments. */
function codeLines(path: string, text: string): number {
  if (!path.endsWith('.ts'))
    return text.split('\n').filter((line) => /\S/.test(line) && !/^\s*(\/\/|\/?\*|#|--)/.test(line)).length;
  const lines = new Set<number>();
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const visit = (node: ts.Node): void => {
    if (node.getChildCount(source) > 0) node.getChildren(source).forEach(visit);
    else if (!ts.isJSDoc(node) && node.getText(source) !== '') {
      const last = source.getLineAndCharacterOfPosition(node.getEnd()).line;
      for (let line = source.getLineAndCharacterOfPosition(node.getStart(source)).line; line <= last; line++)
        lines.add(line);
    }
  };
  visit(source);
  return lines.size;
}

/** `file:line: text` of each line that matches. */
function linesWith(files: readonly string[], pattern: RegExp): readonly string[] {
  return files.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 120)}`] : [])),
  );
}

describe('the repository', () => {
  test('was looked at', () => {
    expect(codeFiles.length).toBeGreaterThan(50);
  });

  test(`has no file of more than ${MOST_LINES} lines of code`, () => {
    const long = codeFiles
      .map((path) => [path, codeLines(path, read(path))] as const)
      .filter(([, lines]) => lines > MOST_LINES);
    expect(long).toEqual([]);
  });

  test('names no registry host in its lockfile', () => {
    expect(linesWith(['package-lock.json'], /"resolved":|https?:\/\/[^"]*registry|"_resolved"/)).toEqual([]);
  });

  test('names no path of the machine it was written on, and nothing outside of itself', () => {
    // The slashes are in brackets, so that this file does not find itself.
    const outside = /(^|[^\w.~-])[/](work|root|farm|home[/]\w+)[/]|[.]{2}[/]shared/;
    expect(
      linesWith(
        textFiles.filter((path) => path !== 'package-lock.json'),
        outside,
      ),
    ).toEqual([]);
  });

  test('tracks text, apart from samples and pictures', () => {
    const binary = textFiles.filter((path) => readFileSync(join(REPOSITORY, path)).subarray(0, 8000).includes(0));
    expect(binary).toEqual([]);
    const misplaced = tracked.filter((path) => BINARY.test(path) && !/^(samples|docs|test)\//.test(path));
    expect(misplaced).toEqual([]);
  });

  test('tracks no secret file, log or build result', () => {
    expect(
      tracked.filter((path) => /(^|\/)(\.env|node_modules|dist|coverage|\.perennial)(\/|$)|\.log$|\.pem$/.test(path)),
    ).toEqual([]);
  });

  test('silences no lint rule without saying why', () => {
    const silent = linesWith(
      codeFiles.filter((path) => path.endsWith('.ts')),
      /eslint-disable(?!.* -- \S)|@ts-(ignore|nocheck)/,
    );
    expect(silent.filter((line) => !line.startsWith('test/architecture/hygiene.test.ts'))).toEqual([]);
  });
});

describe('test titles', () => {
  test('are unique within a project, so that queues and databases named after them are too', () => {
    const files = new Map<string, string[]>();
    for (const { project, fullTitle, file } of testTitles(REPOSITORY)) {
      const key = `${project}: ${fullTitle}`;
      files.set(key, [...(files.get(key) ?? []), file]);
    }
    expect(files.size).toBeGreaterThan(20);
    expect([...files].filter(([, where]) => where.length > 1)).toEqual([]);
  });

  test('belong to a known project', () => {
    const config = read('vitest.config.ts');
    const projects = [...config.matchAll(/\{ name: '(\w+)'/g)].map(([, name]) => name);
    expect(projects).toContain('faults');
    const lost = tracked.filter((path) => path.endsWith('.test.ts') && !projects.includes(path.split('/')[1] ?? ''));
    expect(lost).toEqual([]);
  });
});

describe('the line count', () => {
  test('leaves out comments and blank lines, and counts every line of a template', () => {
    expect(codeLines('x.ts', '/** doc */\n\n// note\nconst a = `1\n2\n3`; // tail\n/* more\n text */\nf(a);\n')).toBe(
      4,
    );
    expect(codeLines('x.sql', '-- why\n\nSELECT 1;\n')).toBe(1);
  });
});
