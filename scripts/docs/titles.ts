/** Titles of tests, read from their source: nothing has to run to know what is claimed to be tested. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

/** One `test(…)` or `it(…)` in the source. */
export interface TestTitle {
  /** The project, which is the folder below `test/`. */
  readonly project: string;
  /** Path below the repository. */
  readonly file: string;
  /** The title itself. */
  readonly title: string;
  /** With the titles of the `describe` blocks around it. */
  readonly fullTitle: string;
}

/** All test titles of a repository, by file and place. */
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

/** The test titles of one file. */
export function titlesOf(file: string, text: string): readonly TestTitle[] {
  const titles: TestTitle[] = [];
  const [, project = ''] = file.split('/');
  const visit = (node: ts.Node, around: readonly string[]): void => {
    const call = ts.isCallExpression(node) ? titledCall(node) : undefined;
    const inside = call?.kind === 'describe' ? [...around, call.title] : around;
    if (call?.kind === 'test')
      titles.push({ project, file, title: call.title, fullTitle: [...around, call.title].join(' > ') });
    node.forEachChild((child) => {
      visit(child, inside);
    });
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest), []);
  return titles;
}

/** `test('…')`, also with `.skip`, `.each(…)`, `.runIf(…)` and the like between. */
function titledCall(call: ts.CallExpression): { kind: 'describe' | 'test'; title: string } | undefined {
  const name = rootName(call.expression);
  const kind = name === 'describe' ? 'describe' : name === 'test' || name === 'it' ? 'test' : undefined;
  const [first] = call.arguments;
  if (kind === undefined || first === undefined) return undefined;
  if (ts.isStringLiteralLike(first)) return { kind, title: first.text };
  return ts.isTemplateExpression(first) ? { kind, title: templateText(first) } : undefined;
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
