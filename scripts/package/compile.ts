/** Writes the declarations that the entries show; the scripts are those of `dist/`. */
import path from 'node:path';
import ts from 'typescript';
import { publicName } from './entries.ts';

/** Declarations by their path relative to the root. */
export type Declarations = ReadonlyMap<string, string>;

/**
 * Compiles the declarations of some modules, and of what those name.
 *
 * @param root - folder of the repository
 * @throws Error with what the compiler found in these modules or in those that they import
 */
export function compileDeclarations(root: string, entries: readonly string[]): Declarations {
  const program = ts.createProgram(
    entries.map((file) => path.join(root, file)),
    settings(root),
  );
  const files = new Map<string, string>();
  const { diagnostics } = program.emit(
    undefined,
    (file, text) => files.set(path.relative(root, file), text),
    undefined,
    true,
  );
  const faults = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (faults.length > 0) throw new Error(ts.formatDiagnostics(faults, host(root)));
  return new Map([...closure(files, entries)].map((file) => [file, readable(textOf(files, file))]));
}

/** Lists the packages that the declarations of some entries name, each with a declaration that does. */
export function packagesOfTypes(files: Declarations, entries: readonly string[]): ReadonlyMap<string, string> {
  const named = new Map<string, string>();
  for (const file of closure(files, entries))
    for (const { fileName } of ts.preProcessFile(textOf(files, file), true, true).importedFiles)
      if (!fileName.startsWith('.') && !fileName.startsWith('node:')) named.set(fileName, file);
  return named;
}

function settings(root: string): ts.CompilerOptions {
  const { config } = ts.readConfigFile(path.join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file)) as {
    config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  return { ...options, noEmit: false, declaration: true, rootDir: root, outDir: root };
}

function host(root: string): ts.FormatDiagnosticsHost {
  return { getCurrentDirectory: () => root, getCanonicalFileName: (file) => file, getNewLine: () => '\n' };
}

/** The declarations of some modules, and those that they import. */
function closure(files: Declarations, modules: readonly string[]): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = modules.map(declaration);
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    for (const { fileName } of ts.preProcessFile(textOf(files, file), true, true).importedFiles)
      if (fileName.startsWith('.')) waiting.push(declaration(path.join(path.dirname(file), fileName)));
  }
  return reached;
}

/** The compiler leaves `./x.ts` in declarations, and examples name modules of this repository. */
function readable(text: string): string {
  let changed = text;
  for (const { fileName, pos, end } of ts.preProcessFile(text, true, true).importedFiles.toReversed())
    if (fileName.startsWith('.'))
      changed = `${changed.slice(0, pos)}${changed.slice(pos, end + 1).replace(/\.ts(?=['"]?$)/, '.js')}${changed.slice(end + 1)}`;
  return changed.replace(/(?<=^\s*\* .* from ')\.\/([^']+)(?=')/gm, (found, file: string) => publicName(file) ?? found);
}

function textOf(files: Declarations, file: string): string {
  const text = files.get(file);
  if (text === undefined) throw new Error(`expected the compiler to write ${file}, it did not`);
  return text;
}

function declaration(module: string): string {
  return module.replace(/(?:\.d)?\.[jt]s$/, '.d.ts');
}
