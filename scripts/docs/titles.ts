/** Reads the titles of tests from their source, so that no test has to run for it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { caseTitles, type Tables, tablesOf } from './cases.ts';

/** One `test(…)` or `it(…)` in the source. */
export interface TestTitle {
  /** Name of the test project, which is the folder below `test/`. */
  readonly project: string;
  /** Path below the repository. */
  readonly file: string;
  /** The title of the test alone. */
  readonly title: string;
  /** The title, preceded by the titles of the `describe` blocks around it. */
  readonly fullTitle: string;
  /** Titles of the cases of an `each` whose table is in the same file. */
  readonly cases: readonly string[];
}

/** Returns all test titles of a repository, in the order of files and lines. */
export function testTitles(repository: string): readonly TestTitle[] {
  return testFiles(join(repository, 'test'))
    .sort()
    .flatMap((path) => titlesOf(relative(repository, path), readFileSync(path, 'utf8')));
}

function testFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(folder, name));
}

/** Returns the test titles of one file. */
export function titlesOf(file: string, text: string): readonly TestTitle[] {
  const titles: TestTitle[] = [];
  const [, project = ''] = file.split('/');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  const tables = tablesOf(source);
  const visit = (node: ts.Node, around: readonly string[]): void => {
    const call = ts.isCallExpression(node) ? titledCall(node, tables) : undefined;
    const inside = call?.kind === 'describe' ? [...around, call.title] : around;
    if (call?.kind === 'test') {
      const { title, cases } = call;
      titles.push({ project, file, title, fullTitle: [...around, title].join(' > '), cases });
    }
    node.forEachChild((child) => {
      visit(child, inside);
    });
  };
  visit(source, []);
  return titles;
}

interface TitledCall {
  readonly kind: 'describe' | 'test';
  readonly title: string;
  readonly cases: readonly string[];
}

/** Recognises `test('…')`, also with `.skip`, `.each(…)`, `.runIf(…)` and similar calls in between. */
function titledCall(call: ts.CallExpression, tables: Tables): TitledCall | undefined {
  const name = rootName(call.expression);
  const kind = name === 'describe' ? 'describe' : name === 'test' || name === 'it' ? 'test' : undefined;
  const title = textOf(call.arguments[0]);
  return kind === undefined || title === undefined
    ? undefined
    : { kind, title, cases: caseTitles(call, title, tables) };
}

function textOf(title: ts.Expression | undefined): string | undefined {
  if (title === undefined) return undefined;
  if (ts.isStringLiteralLike(title)) return title.text;
  return ts.isTemplateExpression(title) ? templateText(title) : undefined;
}

function rootName(expression: ts.Expression): string | undefined {
  if (ts.isIdentifier(expression)) return expression.text;
  if (ts.isPropertyAccessExpression(expression) || ts.isCallExpression(expression))
    return rootName(expression.expression);
  return ts.isTaggedTemplateExpression(expression) ? rootName(expression.tag) : undefined;
}

function templateText(template: ts.TemplateExpression): string {
  return template.head.text + template.templateSpans.map((span) => `…${span.literal.text}`).join('');
}
