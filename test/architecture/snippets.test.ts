import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  type Addition,
  additionsOf,
  anchorOf,
  blocksOf,
  linksOf,
  markdownFiles,
  type Block,
} from '../../scripts/docs/blocks.ts';
import { entries, PACKAGE } from '../../scripts/package/entries.ts';
import { documentedExports } from '../../scripts/docs/examples.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const documents = markdownFiles(REPOSITORY);
const blocks = documents.flatMap((file) => blocksOf(REPOSITORY, file));
const inShell = blocks.filter(({ language }) => ['sh', 'bash', 'shell', 'console'].includes(language));
const inTypeScript = blocks.filter(({ language }) => ['ts', 'typescript'].includes(language));

/** The same for every snippet, so that names of one do not meet those of another. */
const AS_MODULE = '\nexport {};\n';

function compilerOptions(): ts.CompilerOptions {
  const path = join(REPOSITORY, 'tsconfig.json');
  const { config } = ts.readConfigFile(path, (file) => ts.sys.readFile(file)) as { config: unknown };
  const { options } = ts.parseJsonConfigFileContent(config, { ...ts.sys, readDirectory: () => [] }, REPOSITORY);
  // A snippet shows values that it does not use, and what it imports of the package is compiled from source.
  return { ...options, noUnusedLocals: false, noUnusedParameters: false, paths: sourcesOfPackage() };
}

function sourcesOfPackage(): Record<string, string[]> {
  const exported = Object.values(entries).flatMap(({ path, modules }) =>
    path === undefined ? [] : [[path.replace('.', PACKAGE), modules.map((file) => join(REPOSITORY, file))] as const],
  );
  return Object.fromEntries(exported);
}

/** Files of the disk, which every compilation shares: parsing them takes half of its time. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/**
 * Compiles snippets as if each were the file that it names, or else one in the
 * root of the repository, and as if the lines of `additions` stood at the end of their files; returns what is wrong,
 * with its document.
 */
function typeErrors(snippets: readonly Block[], additions: readonly Addition[] = []): readonly string[] {
  const byPath = new Map(
    snippets.map((block, index) => [join(REPOSITORY, block.path ?? `snippet-${index}.ts`), block]),
  );
  const options = compilerOptions();
  const host = ts.createCompilerHost(options);
  const disk = { ...host };
  const code = (path: string): string | undefined => {
    const block = byPath.get(path);
    if (block !== undefined) return block.code + AS_MODULE;
    const added = additions.filter(({ file }) => join(REPOSITORY, file) === path).map(({ line }) => line);
    return added.length === 0 ? undefined : [disk.readFile(path), ...added].join('\n');
  };
  host.fileExists = (path) => byPath.has(path) || disk.fileExists(path);
  const folders = new Set([...byPath.keys()].map((path) => dirname(path)));
  host.directoryExists = (path) => folders.has(path) || disk.directoryExists?.(path) === true;
  host.readFile = (path) => code(path) ?? disk.readFile(path);
  host.getSourceFile = (path, target, ...rest) => {
    const text = code(path);
    if (text !== undefined) return ts.createSourceFile(path, text, target);
    if (!parsed.has(path)) parsed.set(path, disk.getSourceFile(path, target, ...rest));
    return parsed.get(path);
  };
  const program = ts.createProgram([...byPath.keys()], options, host);
  return [...byPath].flatMap(([path, block]) => {
    const source = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map((diagnostic) => {
      const { line } = ts.getLineAndCharacterOfPosition(source!, diagnostic.start ?? 0);
      return `${block.file}:${block.line + line}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ')}`;
    });
  });
}

const packageSchema = z.object({
  scripts: z.record(z.string(), z.string()),
  bin: z.record(z.string(), z.string()).optional(),
});
const manifest = packageSchema.parse(JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')));

/** Commands that the CLI defines with commander's `.command('name …')`, and those that files of the documents define. */
function cliCommands(): ReadonlySet<string> {
  const files = readdirSync(join(REPOSITORY, 'cli'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const shown = inTypeScript.filter(({ path }) => path?.startsWith('cli/')).map(({ code }) => code);
  const text = [...files.map((name) => readFileSync(join(REPOSITORY, 'cli', name), 'utf8')), ...shown].join('\n');
  return new Set([...text.matchAll(/(?:\.command\(|new Command\()\s*['"`]([\w:-]+)/g)].map((match) => match[1]!));
}

/** Each `what NAME` of the shell blocks, with where it stands. */
function mentions(pattern: RegExp): readonly (readonly [string, string])[] {
  return inShell.flatMap(({ file, line, code }) =>
    [...code.matchAll(pattern)].map((match) => [match[1]!, `${file}:${line}`] as const),
  );
}

describe('documents', () => {
  test('are there', () => {
    expect(documents).toContain('README.md');
    expect(documents.length).toBeGreaterThan(4);
    expect(inShell.length).toBeGreaterThan(0);
  });

  test('show TypeScript that compiles', () => {
    expect(typeErrors(inTypeScript, blocks.flatMap(additionsOf))).toEqual([]);
  });

  test('name scripts that exist', () => {
    const named = [...mentions(/\bnpm run (?:--silent |-s )?([\w:-]+)/g), ...mentions(/\bnpm (test|start)\b/g)];
    expect(named.filter(([name]) => !(name in manifest.scripts))).toEqual([]);
  });

  test('name commands that exist', () => {
    const commands = cliCommands();
    const named = mentions(/\bnpx perennial ([a-z][\w:-]*)/g);
    expect(named.filter(([name]) => !commands.has(name))).toEqual([]);
    if (named.length > 0) expect(manifest.bin?.['perennial']).toBeDefined();
  });

  test('start the command so that a shell finds it', () => {
    const bare = inShell.filter(({ code }) => /^\s*perennial /m.test(code));
    expect(bare.map(({ file, line }) => `${file}:${line}`)).toEqual([]);
  });

  test('name files that exist after `node scripts/run.mjs`', () => {
    const named = mentions(/\bnode scripts\/run\.mjs ([\w./-]+\.ts)\b/g);
    expect(named.filter(([path]) => !existsSync(join(REPOSITORY, path)))).toEqual([]);
  });

  test('link to files and headings that exist', () => {
    const broken = documents
      .flatMap((file) => linksOf(REPOSITORY, file))
      .filter(({ file, target }) => {
        const [path = '', anchor] = target.split('#');
        const full =
          path === '' ? join(REPOSITORY, file) : resolve(REPOSITORY, dirname(file), decodeURIComponent(path));
        if (!full.startsWith(`${REPOSITORY}/`) || !existsSync(full)) return true;
        if (anchor === undefined || !full.endsWith('.md')) return false;
        const headings = [...readFileSync(full, 'utf8').matchAll(/^#+ (.+)$/gm)].map((match) => anchorOf(match[1]!));
        return !headings.includes(anchor);
      });
    expect(broken).toEqual([]);
  });
});

/** Examples of docstrings speak to a connected client. */
const CONNECTED = "declare const perennial: import('./client/index.ts').PerennialClient; ";

/** Examples of builders use all of them, over the sample tasks. */
const BUILDING = [
  "import { chain, chord, group, task } from './canvas/build/builders.ts'; ",
  "import { immutable, withErrorLink, withLink, withOptions, withStamps } from './canvas/build/options.ts'; ",
  "import { approval, mapEach, pipeline, when, withCompensation } from './canvas/build/step-builders.ts'; ",
  "import { fold } from './canvas/build/fold.ts'; ",
  "import type { FailedCall } from './canvas/engine/runtime.ts'; ",
  "import { sampleTasks } from './contracts/samples/tasks.ts'; ",
].join('');
const COMPOSING = "import { Call, chain, chord, group } from './workflows/calls/composition.ts'; ";

describe('docstrings of builders', () => {
  const modules = [
    ['canvas/build/builders.ts', BUILDING],
    ['canvas/build/options.ts', BUILDING],
    ['canvas/build/step-builders.ts', BUILDING],
    ['canvas/build/fold.ts', BUILDING],
    ['workflows/calls/composition.ts', COMPOSING],
  ] as const;
  const exported = modules.flatMap(([module, before]) =>
    documentedExports(REPOSITORY, module)
      .filter(({ isValue }) => isValue)
      .map(({ name, examples }) => ({
        name: `${module}: ${name}`,
        examples: examples.map((block) => ({ ...block, code: before + block.code })),
      })),
  );

  test('have an example for each builder', () => {
    expect(exported).toHaveLength(19);
    expect(exported.filter(({ examples }) => examples.length === 0).map(({ name }) => name)).toEqual([]);
  });

  test('have examples that compile', () => {
    expect(typeErrors(exported.flatMap(({ examples }) => examples))).toEqual([]);
  });
});

describe('docstrings', () => {
  const exported = documentedExports(REPOSITORY, 'client/index.ts');

  test('of the client have an example for each export', () => {
    expect(exported.length).toBeGreaterThan(40);
    expect(exported.filter(({ examples }) => examples.length === 0).map(({ name }) => name)).toEqual([]);
  });

  test('have examples that compile', () => {
    const connected = exported.flatMap(({ examples }) =>
      examples.map((block) => ({ ...block, code: CONNECTED + block.code })),
    );
    expect(typeErrors(connected)).toEqual([]);
  });
});

describe('docstrings for applications', () => {
  const exported = [
    ...documentedExports(REPOSITORY, 'testing/index.ts'),
    ...documentedExports(REPOSITORY, 'define/index.ts').filter(
      ({ isValue, file }) => isValue && file.startsWith('define/'),
    ),
  ];

  test('have an example for each export', () => {
    expect(exported).toHaveLength(33);
    expect(exported.filter(({ examples }) => examples.length === 0).map(({ name }) => name)).toEqual([]);
  });

  test('have examples that compile', () => {
    expect(typeErrors(exported.flatMap(({ examples }) => examples))).toEqual([]);
  });
});

describe('the snippet test itself', () => {
  test('catches a snippet that does not compile and one that imports what is not there', () => {
    const block = (line: number, code: string): Block => ({ file: 'x.md', line, language: 'ts', code });
    const errors = typeErrors([
      block(10, "import { failures } from './contracts/failures.ts';\nconst n: number = failures.EmptyFile.cause;\n"),
      block(20, "import { nothing } from './contracts/failures.ts';\n"),
      block(
        30,
        "import { failureRecord } from './contracts/failures.ts';\nconst fine = failureRecord('EmptyFile', 'x');\n",
      ),
    ]);
    expect(errors.map((error) => error.split(' ')[0])).toEqual(['x.md:11:', 'x.md:20:']);
  });

  test.each([
    ['The way of a job', 'the-way-of-a-job'],
    ['`npm run demo`: what, and why?', 'npm-run-demo-what-and-why'],
  ])('makes of the heading %s the anchor %s', (heading, anchor) => {
    expect(anchorOf(heading)).toBe(anchor);
  });
});
