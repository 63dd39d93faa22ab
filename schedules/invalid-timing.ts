import { PerennialError } from '../contracts/failures.ts';

/** A time rule that cannot be kept; names the field, what was expected and what came. */
export class InvalidTiming extends PerennialError {
  readonly field: string;
  readonly expected: string;
  readonly got: string;

  constructor(field: string, expected: string, got: unknown) {
    const shown = typeof got === 'string' ? JSON.stringify(got) : String(got);
    super('InvalidInput', `${field}: expected ${expected}, got ${shown}`);
    this.field = field;
    this.expected = expected;
    this.got = shown;
  }
}
