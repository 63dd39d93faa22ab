/** A thread that checks values against the schemas of callers, so that the worker's event loop never waits for a pattern. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { serve } from '../processes/serve.ts';
import type { SchemaResult, SchemaTask } from './schemas.ts';

/** Faults that are told, the first ones. */
const TOLD = 5;

serve<SchemaTask>(() => ({ schema, value }): SchemaResult => {
  // Nothing that a value holds is in what is told, and nothing is loaded.
  const ajv = new Ajv2020({ allErrors: false, strict: false, logger: false, validateFormats: false });
  try {
    const validate = ajv.compile(schema);
    if (validate(value)) return { faults: [] };
    return { faults: (validate.errors ?? []).slice(0, TOLD).map(({ schemaPath }) => schemaPath) };
  } catch {
    return { faults: undefined };
  }
});
