/** The shape of a failure in rows, results and API answers. */
import { z } from 'zod';
import { failures, type FailureType } from '../failures.ts';
import { failureClasses } from './rule.ts';

const failureTypes = Object.keys(failures) as [FailureType, ...FailureType[]]; // `Object.keys` loses the literal types

export const failureSchema = z.object({
  type: z.enum(failureTypes),
  class: z.enum(failureClasses),
  message: z.string(),
});
