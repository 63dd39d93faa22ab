/** What stands in one column. */
import type { DataColumn, DataFix } from '../../../contracts/data/schema.ts';
import { type CellFix, MAX_EXAMPLES, VALUE_KINDS, type ValueKind } from '../../../contracts/data/vocabulary.ts';
import { faultOfCell } from '../../imports/reading/xlsx/marks.ts';
import { dateFormsOf, isEmptyMark, kindOf, numberFormOf } from '../values/kinds.ts';
import { mendOf } from '../values/mend.ts';
import { DistinctCount, NumberSpread } from './counting.ts';
import { FormTally } from './forms.ts';
import { shown } from './shown.ts';

/** Share of the values that a kind or a form must hold for. */
export const MOST = 0.95;

/** Room of the figures of one column; all columns together take as much as one wide or many narrow ones. */
export interface ColumnRoom {
  /** Different values that are counted exactly. */
  readonly distinct: number;
  /** Numbers of which quartiles are made. */
  readonly sample: number;
}

interface Changed {
  count: number;
  example: { readonly line: number; readonly before: string } | undefined;
}

/** Takes the cells of one column, and says what it has seen. */
export class ColumnProfile {
  readonly #name: string;
  readonly #position: number;
  readonly #distinct: DistinctCount;
  readonly #numbers: NumberSpread;
  readonly #forms = new FormTally();
  readonly #kinds = new Map<ValueKind, number>();
  readonly #changed = new Map<CellFix, Changed>();
  readonly #examples: string[] = [];
  #values = 0;
  #empty = 0;
  #unreadable = 0;
  #shortest = Number.POSITIVE_INFINITY;
  #longest = 0;

  /** @param position - from 1 */
  constructor(name: string, position: number, room: ColumnRoom) {
    this.#name = name;
    this.#position = position;
    this.#distinct = new DistinctCount(room.distinct);
    this.#numbers = new NumberSpread(room.sample);
  }

  add(cell: string, line: number): void {
    if (faultOfCell(cell) !== undefined) {
      this.#unreadable += 1;
      return;
    }
    const value = cell.trim();
    if (value === '') {
      this.#empty += 1;
      return;
    }
    if (value.length !== cell.length) this.#change('trim', cell, line);
    if (isEmptyMark(value)) this.#change('emptyMark', cell, line);
    else this.#addValue(value, cell, line);
  }

  result(): { readonly column: DataColumn; readonly fixes: readonly DataFix[] } {
    const spread = this.#numbers.result();
    const column: DataColumn = {
      name: shown(this.#name),
      kind: this.#kind(),
      kinds: Object.fromEntries(this.#kinds),
      empty: this.#empty,
      unreadable: this.#unreadable,
      distinct: this.#distinct.result(),
      shortest: this.#values === 0 ? 0 : this.#shortest,
      longest: this.#longest,
      examples: this.#examples,
      numbers:
        spread === undefined
          ? null
          : {
              min: spread.min,
              max: spread.max,
              mean: spread.mean,
              quartiles: spread.quartiles,
              outliers: {
                count: spread.outliers.length,
                exact: spread.exact,
                examples: spread.outliers
                  .slice(0, MAX_EXAMPLES)
                  .map(({ line, value }) => ({ line, value: String(value) })),
              },
            },
    };
    return { column, fixes: this.#fixes() };
  }

  #addValue(value: string, cell: string, line: number): void {
    this.#values += 1;
    this.#shortest = Math.min(this.#shortest, value.length);
    this.#longest = Math.max(this.#longest, value.length);
    if (this.#distinct.add(value) && this.#examples.length < MAX_EXAMPLES) this.#examples.push(shown(value));
    const kind = kindOf(value);
    this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
    if (kind === 'integer' || kind === 'decimal') this.#numbers.add(Number(value), line);
    this.#addForm(kind, value, cell, line);
  }

  #addForm(kind: ValueKind, value: string, cell: string, line: number): void {
    if (kind === 'boolean' || kind === 'email') this.#changeIf(kind, cell, line);
    if (kind === 'text') this.#forms.addDate(dateFormsOf(value), cell, line);
    if (kind === 'text' || kind === 'decimal') this.#forms.addNumber(numberFormOf(value), cell, line);
  }

  #changeIf(kind: 'boolean' | 'email', cell: string, line: number): void {
    if (mendOf(kind, undefined)(cell) !== cell) this.#change(kind, cell, line);
  }

  #change(kind: CellFix, cell: string, line: number): void {
    const changed = this.#changed.get(kind) ?? { count: 0, example: { line, before: cell } };
    changed.count += 1;
    this.#changed.set(kind, changed);
  }

  #count(...kinds: readonly ValueKind[]): number {
    return kinds.reduce((sum, kind) => sum + (this.#kinds.get(kind) ?? 0), 0);
  }

  #isMost(count: number): boolean {
    return count > 0 && count >= MOST * this.#values;
  }

  #kind(): ValueKind | null {
    if (this.#values === 0) return null;
    const wider: Partial<Record<ValueKind, readonly ValueKind[]>> = {
      decimal: ['integer', 'decimal'],
      time: ['date', 'time'],
    };
    return VALUE_KINDS.find((kind) => this.#isMost(this.#count(...(wider[kind] ?? [kind])))) ?? 'text';
  }

  #fixes(): readonly DataFix[] {
    const offered: (DataFix | undefined)[] = [this.#fix('trim'), this.#fix('emptyMark')];
    const number = this.#forms.number();
    if (number !== undefined && this.#isMost(this.#count('integer', 'decimal') + number.others))
      offered.push(this.#fix('number', number.form, number.changed));
    const date = this.#forms.date();
    if (date !== undefined && this.#isMost(this.#count('date') + date.changed.count))
      offered.push(this.#fix('date', date.form, date.changed));
    for (const kind of ['boolean', 'email'] as const)
      if (this.#isMost(this.#count(kind))) offered.push(this.#fix(kind));
    return offered.filter((fix) => fix !== undefined);
  }

  #fix(kind: CellFix, form?: string, changed: Changed | undefined = this.#changed.get(kind)): DataFix | undefined {
    if (changed === undefined || changed.count === 0) return undefined;
    const { count: changes, example } = changed;
    return {
      id: `${kind}:${String(this.#position)}`,
      kind,
      column: this.#position,
      ...(form === undefined ? {} : { form }),
      changes,
      exact: true,
      example:
        example === undefined
          ? null
          : {
              line: example.line,
              before: shown(example.before),
              after: shown(mendOf(kind, form)(example.before)),
            },
    };
  }
}
