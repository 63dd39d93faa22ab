/** Counts the forms in which a column writes numbers and dates, to find the one that fits all of them. */
import type { DateForm, NumberForm } from '../values/kinds.ts';

interface Changed {
  count: number;
  example: { readonly line: number; readonly before: string } | undefined;
}

/** A form that fits all values of a column that have one. */
export interface FoundForm {
  readonly form: string;
  readonly changed: Changed;
  /** Numbers that have this form and are no decimal numbers as they are written. */
  readonly others: number;
}

const nothing = (): Changed => ({ count: 0, example: undefined });

/** Takes values that are no numbers or dates as they are written, and decimal numbers. */
export class FormTally {
  /** Numbers by the decimal signs that they can be read with: `1.234` has both. */
  readonly #comma = nothing();
  readonly #point = nothing();
  readonly #either = nothing();
  /** Of those with a decimal point alone, and with both, the ones that are decimal numbers as they are written. */
  #plainPoint = 0;
  #plainEither = 0;
  #commaEither = nothing();
  readonly #dates = new Map<DateForm, Changed>();
  #dated = nothing();

  addNumber(form: NumberForm | undefined, before: string, line: number): void {
    if (form === undefined) return;
    if (!form.point) note(this.#comma, before, line);
    else if (!form.comma) {
      if (form.plain) this.#plainPoint += 1;
      else note(this.#point, before, line);
    } else if (form.plain) {
      this.#plainEither += 1;
      note(this.#either, before, line);
    } else note(this.#commaEither, before, line);
  }

  addDate(forms: readonly DateForm[], before: string, line: number): void {
    if (forms.length === 0) return;
    note(this.#dated, before, line);
    for (const form of forms) {
      const found = this.#dates.get(form) ?? nothing();
      note(found, before, line);
      this.#dates.set(form, found);
    }
  }

  /** Returns the decimal sign, when at least one number has it and none has the other. */
  number(): FoundForm | undefined {
    const pointOnly = this.#plainPoint + this.#point.count;
    if (this.#comma.count > 0 && pointOnly === 0)
      return this.#found(',', [this.#comma, this.#either, this.#commaEither]);
    if (this.#point.count > 0 && this.#comma.count === 0) return this.#found('.', [this.#point, this.#commaEither]);
    return undefined;
  }

  /** Returns the form that all dates have, when only one fits. */
  date(): FoundForm | undefined {
    const fitting = [...this.#dates].filter(([, { count }]) => count === this.#dated.count);
    const [only] = fitting;
    return only === undefined || fitting.length > 1 ? undefined : { form: only[0], changed: only[1], others: 0 };
  }

  #found(form: ',' | '.', parts: readonly Changed[]): FoundForm {
    const changed = {
      count: parts.reduce((sum, { count }) => sum + count, 0),
      example: parts.find(({ example }) => example !== undefined)?.example,
    };
    return { form, changed, others: changed.count - (form === ',' ? this.#plainEither : 0) };
  }
}

function note(changed: Changed, before: string, line: number): void {
  changed.count += 1;
  changed.example ??= { line, before };
}
