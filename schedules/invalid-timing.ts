import { PerennialError } from '../contracts/failures.ts';

/** An invalid time rule; the message names the field, what was expected and what it got. */
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
