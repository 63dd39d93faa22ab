/** The route by which workers in other languages learn their contracts. */
import { z } from 'zod';
import { failureClasses } from '../../contracts/failures/rule.ts';
import { rateSchema } from '../../contracts/limits/schema.ts';
import { LANGUAGES } from '../../contracts/queues/languages.ts';
import { workerContract } from '../../contracts/tasks/worker-contract.schema.ts';
import { jsonSchema } from '../../contracts/values/json/schema.ts';
import { defineRoute } from '../http/route.ts';

const jsonSchemaObject = z.record(z.string(), jsonSchema).describe('JSON Schema, draft 2020-12');
const names = z.array(z.string());

export const workerContractSchema = z.object({
  language: z.enum(LANGUAGES),
  queues: z
    .array(z.object({ queue: z.string(), slots: z.union([z.int(), z.literal('cores')]), rate: rateSchema.optional() }))
    .describe('Queues that its workers serve'),
  tasks: z
    .array(
      z.object({
        name: z.string(),
        aliases: names,
        parameters: names.describe("Names of the input's fields in the order of positional arguments"),
        queue: z.string(),
        retry: z.record(z.string(), jsonSchema).describe('Attempts and delays of the task, in milliseconds'),
        limits: z.object({ softMs: z.number(), hardMs: z.number(), heartbeatMs: z.number() }),
        sealOutput: z.boolean().describe('Whether all that it gives stands sealed in histories'),
        input: jsonSchemaObject,
        output: jsonSchemaObject,
      }),
    )
    .describe('Tasks whose bodies are in the language'),
  failures: z.record(z.string(), z.enum(failureClasses)).describe('Class of each failure, by its type'),
  sealed: z.object({ endings: names, names }).describe('Names of fields that stand sealed in histories'),
});

/** A document of one installation rather than a list: a worker takes it whole, or cannot begin. */
export const getWorkerContract = defineRoute({
  name: 'getWorkerContract',
  method: 'get',
  path: '/v1/workers/contract',
  summary: 'What workers in another language need to know: contracts of their tasks, queues, classes of failures',
  query: z.object({ language: z.enum(LANGUAGES) }),
  answers: { 200: { description: 'The contract', schema: workerContractSchema } },
  handle({ query, response }) {
    response.json(workerContract(query.language));
    return Promise.resolve();
  },
});
