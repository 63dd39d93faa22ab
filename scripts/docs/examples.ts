/** Reads the `@example` blocks of docstrings, for the tests that compile them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import type { Block } from './blocks.ts';

/** An export with the examples of its docstring. */
export interface Documented {
  readonly name: string;
  /** Path of the file that declares it, relative to the repository. */
  readonly file: string;
  /** True for a function, a class or a constant; false for a type. */
  readonly isValue: boolean;
  readonly examples: readonly Block[];
}

/** Returns the exports of a module, each with its examples. */
export function documentedExports(repository: string, module: string): readonly Documented[] {
  const path = join(repository, module);
  const program = ts.createProgram([path], { allowImportingTsExtensions: true, noEmit: true });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(path);
  const symbol = source === undefined ? undefined : checker.getSymbolAtLocation(source);
  if (symbol === undefined) throw new Error(`${module}: expected a module with exports`);
  return checker.getExportsOfModule(symbol).map((exported) => {
    const target = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const declaration = target.declarations?.[0];
    if (declaration === undefined) throw new Error(`${module}: ${exported.name} is declared nowhere`);
    const file = declaration.getSourceFile().fileName;
    return {
      name: exported.name,
      file: file.slice(repository.length + 1),
      isValue: (target.flags & ts.SymbolFlags.Value) !== 0,
      examples: examplesOf(repository, declaration),
    };
  });
}

function examplesOf(repository: string, declaration: ts.Node): readonly Block[] {
  const { fileName } = declaration.getSourceFile();
  const text = readFileSync(fileName, 'utf8');
  return ts
    .getJSDocTags(declaration)
    .filter(({ tagName }) => tagName.text === 'example')
    .flatMap((tag) => blocksOfTag(fileName.slice(repository.length + 1), text, tag));
}

function blocksOfTag(file: string, text: string, tag: ts.Node): readonly Block[] {
  const lines = text.slice(tag.getStart(), tag.end).split('\n');
  const first = text.slice(0, tag.getStart()).split('\n').length;
  const opened = lines.findIndex((line) => /^\s*\* ```ts$/.test(line));
  const closed = lines.findIndex((line, at) => at > opened && /^\s*\* ```$/.test(line));
  if (opened < 0 || closed < 0) return [];
  const code = lines.slice(opened + 1, closed).map((line) => line.replace(/^\s*\* ?/, ''));
  return [{ file, line: first + opened + 1, language: 'ts', code: `${code.join('\n')}\n` }];
}
