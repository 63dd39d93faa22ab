/** The import graph of the sources, with the modules and files that they load at run time without importing them. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** What modules need, directly or through others. Paths are relative to the root of the repository. */
export interface Needs {
  readonly modules: ReadonlySet<string>;
  /** Files and folders that are not modules: migrations, fonts, scripts in plain JavaScript. */
  readonly assets: ReadonlySet<string>;
  /** Packages of npm, each with the modules that load it. */
  readonly packages: ReadonlyMap<string, readonly string[]>;
}

/** What counts. */
export interface NeedsOptions {
  /** Leaves out what is loaded by a call, such as `import()`. @defaultValue false */
  readonly atStart?: boolean;
  /** Modules that do not count, with what only they load. @defaultValue none */
  readonly without?: readonly string[];
}

/** One thing that a module loads. */
type Loaded = (
  | { readonly kind: 'module'; readonly file: string }
  | { readonly kind: 'asset'; readonly file: string }
  | { readonly kind: 'package'; readonly name: string }
) & {
  /** Loaded by a call, and not with the module. */
  readonly later?: true;
};

/**
 * Follows the imports by value of some modules, `moduleBeside`, files beside a module and resolved names of packages.
 *
 * @param root - folder of the repository
 * @throws Error when a module names a file that does not exist
 */
export function needsOf(
  root: string,
  entries: readonly string[],
  { atStart = false, without = [] }: NeedsOptions = {},
): Needs {
  const modules = new Set<string>();
  const assets = new Set<string>();
  const packages = new Map<string, string[]>();
  const waiting = [...entries];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (modules.has(file)) continue;
    modules.add(file);
    for (const loaded of loadedBy(root, file, atStart)) {
      if (loaded.kind === 'module') waiting.push(...[loaded.file].filter((next) => !without.includes(next)));
      else if (loaded.kind === 'asset') assets.add(loaded.file);
      else packages.set(loaded.name, [...(packages.get(loaded.name) ?? []), file]);
    }
  }
  return { modules, assets, packages };
}

/** What files load: the entries share most of their modules. */
const seen = new Map<string, Loaded[]>();

function loadedBy(root: string, file: string, atStart = false): Loaded[] {
  const name = path.join(root, file);
  const known = seen.get(name) ?? read(root, file);
  seen.set(name, known);
  return atStart ? known.filter(({ later }) => later !== true) : known;
}

function read(root: string, file: string): Loaded[] {
  const source = ts.createSourceFile(file, readFileSync(path.join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const found: Loaded[] = [];
  const visit = (node: ts.Node): void => {
    found.push(...loadedAt(root, file, node));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function loadedAt(root: string, file: string, node: ts.Node): Loaded[] {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    const typeOnly = ts.isExportDeclaration(node)
      ? node.isTypeOnly
      : node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
    return typeOnly ? [] : imported(file, textOf(node.moduleSpecifier));
  }
  if (ts.isCallExpression(node)) return loadedByCall(file, node).map((loaded) => ({ ...loaded, later: true }));
  if (ts.isNewExpression(node) && node.expression.getText() === 'URL') return besideModule(root, file, node);
  return [];
}

/** `import('x')`, `moduleBeside(import.meta.url, './x')`, and `resolve('x')` of a package. */
function loadedByCall(file: string, node: ts.CallExpression): Loaded[] {
  const called = node.expression.getText();
  const [first, second] = node.arguments;
  if (called === 'import') return imported(file, textOf(first));
  // A name that is put together belongs to a program, which is an entry of its own.
  if (called === 'moduleBeside')
    return second !== undefined && ts.isStringLiteralLike(second) ? imported(file, `${second.text}.ts`) : [];
  const resolves = called === 'import.meta.resolve' || /(?:require|createRequire\(.*\))\.resolve$/.test(called);
  return resolves ? imported(file, textOf(first)) : [];
}

/** `new URL('x', import.meta.url)` */
function besideModule(root: string, file: string, node: ts.NewExpression): Loaded[] {
  const [name, base] = node.arguments ?? [];
  const text = textOf(name);
  if (text === undefined || base?.getText() !== 'import.meta.url') return [];
  const asset = path.join(path.dirname(file), text);
  if (!existsSync(path.join(root, asset))) throw new Error(`${file}: expected the file ${asset}, found none`);
  return [{ kind: 'asset', file: asset }, ...packagesOfScript(root, asset)];
}

/** A script in plain JavaScript imports packages too. */
function packagesOfScript(root: string, asset: string): Loaded[] {
  if (!asset.endsWith('.mjs') || !statSync(path.join(root, asset)).isFile()) return [];
  return loadedBy(root, asset);
}

/** The start of a name that is put together counts: `dejavu-fonts-ttf/ttf/${name}.ttf`. */
function textOf(node: ts.Node | undefined): string | undefined {
  if (node === undefined) return undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  return ts.isTemplateExpression(node) ? node.head.text : undefined;
}

function imported(file: string, specifier: string | undefined): Loaded[] {
  if (specifier === undefined || specifier === '' || specifier.startsWith('node:')) return [];
  if (specifier.startsWith('.')) return [{ kind: 'module', file: path.join(path.dirname(file), specifier) }];
  const name = packageOf(specifier);
  return name === undefined ? [] : [{ kind: 'package', name }];
}

/** The package of a specifier; `undefined` where only the start of its name is known. */
function packageOf(specifier: string): string | undefined {
  return /^(?:@[^/]+\/[^/]+|[^@/][^/]*)(?=\/|$)/.exec(specifier)?.[0];
}
