/** Checks values against JSON schemas in a thread with limits on time and heap. */
import { PerennialError } from '../../contracts/failures.ts';
import { moduleBeside } from '../../contracts/values/modules.ts';
import { SECOND_MS } from '../../contracts/values/units.ts';
import { limitedThread } from '../processes/limited.ts';
import type { SchemaChecker } from './port.ts';

/** A job of the thread. */
export interface SchemaTask {
  readonly kind: 'check';
  readonly schema: Readonly<Record<string, unknown>>;
  readonly value: unknown;
}

/** What the thread found; no faults at all for a schema that is none. */
export interface SchemaResult {
  readonly faults: readonly string[] | undefined;
}

/** A pattern can take for ever. */
const WORK_MS = 2 * SECOND_MS;
const HEAP_MB = 256;
const OUTPUT_MB = 1;

/** Creates the checker; its thread starts with the first value. */
export function createSchemaChecker(): SchemaChecker {
  const thread = limitedThread<SchemaTask, { readonly check: SchemaResult }>({
    entry: moduleBeside(import.meta.url, './schema-thread'),
    workMs: WORK_MS,
    heapMb: HEAP_MB,
    outputMb: OUTPUT_MB,
    work: 'check an answer against a schema',
    tooMuch: {
      type: 'AiSchemaInvalid',
      field: 'schema',
      expected: 'a schema that can be checked',
      remedy: 'Simplify its patterns.',
    },
  });
  return {
    faults: async (schema, value, signal) => {
      const { faults } = await thread.run({ kind: 'check', schema, value }, signal);
      if (faults !== undefined) return faults;
      throw new PerennialError(
        'AiSchemaInvalid',
        'schema: expected a JSON schema of the draft 2020-12, got another one',
      );
    },
    close: () => thread.close(),
  };
}
