/** What a domain contributes to the schemas, which check its inputs and outputs. */
import type { z } from 'zod';

/** The contribution of one domain; `contracts/domains.schema.ts` lists all of them. */
export interface DomainSchemas {
  /** Input and output of each task, by its registered name. */
  readonly tasks: Readonly<Record<string, { readonly input: z.ZodType; readonly output: z.ZodType }>>;
  /** Arguments of each workflow that schedules may start, by its name. @defaultValue no workflow of the domain may be scheduled */
  readonly workflows?: Readonly<Record<string, z.ZodType<readonly unknown[]>>>;
}
