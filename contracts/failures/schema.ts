/** The shape of a failure in rows, results and API answers. */
import { z } from 'zod';
import { failures, type FailureClass, type FailureType } from '../failures.ts';

const failureTypes = Object.keys(failures) as [FailureType, ...FailureType[]]; // `Object.keys` loses the literal types
const failureClasses = [
  'transient',
  'throttled',
  'permanent',
  'poison',
  'configuration',
] as const satisfies readonly FailureClass[];

export const failureSchema = z.object({
  type: z.enum(failureTypes),
  class: z.enum(failureClasses),
  message: z.string(),
});
