/** Derives the titles that `each` generates from a table in the same source file. */
import ts from 'typescript';

/** Stands for a value of a table that the source does not show. */
const UNKNOWN = Symbol('unknown');
type Cell = string | number | boolean | null | typeof UNKNOWN;
type Row = readonly Cell[];

/** The top-level constants of a file, by name. */
export type Tables = ReadonlyMap<string, ts.Expression>;

/** Returns the constants of a file that an `each` may name as its table. */
export function tablesOf(file: ts.SourceFile): Tables {
  const declarations = file.statements
    .filter(ts.isVariableStatement)
    .flatMap((one) => one.declarationList.declarations);
  return new Map(
    declarations.flatMap(({ name, initializer }) =>
      ts.isIdentifier(name) && initializer !== undefined ? [[name.text, initializer] as const] : [],
    ),
  );
}

/**
 * Returns the titles that `test.each(table)(title, …)` has when it runs, one for each row.
 *
 * @returns no titles when the call is not an `each` or when its table is computed
 */
export function caseTitles(call: ts.CallExpression, title: string, tables: Tables): readonly string[] {
  const { expression } = call;
  if (!ts.isCallExpression(expression) || !isEach(expression.expression)) return [];
  const table = bare(expression.arguments[0], tables);
  if (table === undefined || !ts.isArrayLiteralExpression(table)) return [];
  return table.elements.map((element) => fill(title, rowOf(element, tables)));
}

function isEach(expression: ts.Expression): boolean {
  return ts.isPropertyAccessExpression(expression) && expression.name.text === 'each';
}

/** Removes wrappers such as `as const` from an expression, and replaces the name of a constant by its value. */
function bare(expression: ts.Expression | undefined, tables: Tables): ts.Expression | undefined {
  if (expression === undefined) return undefined;
  if (ts.isAsExpression(expression) || ts.isSatisfiesExpression(expression) || ts.isParenthesizedExpression(expression))
    return bare(expression.expression, tables);
  return ts.isIdentifier(expression) && tables.has(expression.text)
    ? bare(tables.get(expression.text), tables)
    : expression;
}

function rowOf(element: ts.Expression, tables: Tables): Row {
  const row = bare(element, tables);
  if (row === undefined) return [];
  return ts.isArrayLiteralExpression(row) ? row.elements.map((cell) => valueOf(cell)) : [valueOf(row)];
}

function valueOf(expression: ts.Expression): Cell {
  if (ts.isStringLiteralLike(expression)) return expression.text;
  if (ts.isNumericLiteral(expression)) return Number(expression.text);
  if (expression.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (expression.kind === ts.SyntaxKind.FalseKeyword) return false;
  return expression.kind === ts.SyntaxKind.NullKeyword ? null : UNKNOWN;
}

/** Fills placeholders such as `%s` with the cells of a row, as the test runner does. */
function fill(title: string, row: Row): string {
  let at = 0;
  return title.replaceAll(/%[sdifjoO]/g, (mark) => {
    const cell = row[at++] ?? UNKNOWN;
    if (cell === UNKNOWN) return '…';
    return mark === '%j' ? JSON.stringify(cell) : String(cell);
  });
}
