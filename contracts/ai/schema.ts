/** Shapes of everything that enters or leaves AI. Never imported by value in workflow code. */
import { z } from 'zod';
import type { DomainSchemas } from '../domain.schema.ts';
import {
  FINISHES,
  MAX_ANSWER_TOKENS,
  MAX_FOUND,
  MAX_PROMPT_CHARACTERS,
  MAX_SCHEMA_CHARACTERS,
  MAX_TEXTS,
  ROLES,
} from './vocabulary.ts';

const count = z.int().nonnegative();
const modelSchema = z
  .string()
  .regex(/^[\w.:/-]{1,200}$/, 'expected the name of a model such as gpt-4o-mini')
  .describe('Model; default: that of the settings');
const requestKeySchema = z
  .string()
  .min(1)
  .max(200)
  .describe('Business key: the same key is the same request, which is counted once; default: this call');
const said = z.string().min(1).max(MAX_PROMPT_CHARACTERS);
/** Decimal number in the currency of AI_PRICES. */
const costSchema = z.string();

export const completeInputSchema = z
  .strictObject({
    userId: z
      .union([z.string().min(1).max(200), z.int()])
      .optional()
      .describe('User for whom it is; the provider is told a digest of it'),
    prompt: said.optional().describe('What the model is asked; or `messages`'),
    messages: z
      .array(z.strictObject({ role: z.enum(ROLES), content: said }))
      .min(1)
      .max(500)
      .optional()
      .describe('A conversation; or `prompt`'),
    system: said.optional().describe('What the model is to keep to'),
    model: modelSchema.optional(),
    maxTokens: z.int().min(1).max(MAX_ANSWER_TOKENS).default(1_024).describe('Most tokens of the answer'),
    temperature: z.number().min(0).max(2).optional(),
    schema: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('JSON schema of the draft 2020-12 that the answer shall have'),
    requestKey: requestKeySchema.optional(),
    fresh: z.boolean().default(false).describe('Whether the model is asked although an answer is known'),
  })
  .refine(({ prompt, messages }) => (prompt === undefined) !== (messages === undefined), {
    path: ['prompt'],
    message: 'expected `prompt` or `messages`, and not both',
  })
  .refine(
    ({ prompt = '', messages = [], system = '' }) => lengthOf([prompt, system, messages]) <= MAX_PROMPT_CHARACTERS,
    {
      path: ['messages'],
      message: `expected at most ${String(MAX_PROMPT_CHARACTERS)} characters together; split the text`,
    },
  )
  .refine(({ schema }) => schema === undefined || JSON.stringify(schema).length <= MAX_SCHEMA_CHARACTERS, {
    path: ['schema'],
    message: `expected at most ${String(MAX_SCHEMA_CHARACTERS)} characters as JSON`,
  });

function lengthOf([prompt, system, messages]: readonly [string, string, readonly { content: string }[]]): number {
  return messages.reduce((sum, { content }) => sum + content.length, prompt.length + system.length);
}

export const completeOutputSchema = z.object({
  /** What the model answered. */
  text: z.string(),
  /** The answer as JSON, where a schema was asked for. */
  json: z.unknown().optional(),
  model: z.string(),
  finish: z.enum(FINISHES),
  /** Tokens of the question, when it was asked. */
  input_tokens: count,
  output_tokens: count,
  /** What the answer cost when it was made; an answer that was known costs nothing again. */
  cost: costSchema,
  /** Whether the answer was known. */
  cached: z.boolean(),
});

const collectionSchema = z
  .string()
  .regex(/^[\w.-]{1,100}$/, 'expected letters, digits and . _ -')
  .describe('Texts that are searched together, for example `manuals`');
const textIdSchema = z.string().min(1).max(200).describe('Id of a text in its collection');

export const embedInputSchema = z
  .strictObject({
    collection: collectionSchema,
    texts: z
      .array(z.strictObject({ id: textIdSchema, text: said }))
      .min(1)
      .max(MAX_TEXTS)
      .describe('Texts; one with an id that is there takes its place'),
    model: modelSchema.optional(),
    requestKey: requestKeySchema.optional(),
  })
  .refine(({ texts }) => new Set(texts.map(({ id }) => id)).size === texts.length, {
    path: ['texts'],
    message: 'expected each id once',
  })
  .refine(({ texts }) => texts.reduce((sum, { text }) => sum + text.length, 0) <= MAX_PROMPT_CHARACTERS, {
    path: ['texts'],
    message: `expected at most ${String(MAX_PROMPT_CHARACTERS)} characters together; make several calls`,
  });

export const embedOutputSchema = z.object({
  model: z.string(),
  /** Texts whose vectors were made now. */
  made: count,
  /** Texts whose vectors were known. */
  known: count,
  input_tokens: count,
  cost: costSchema,
});

export const searchInputSchema = z.strictObject({
  collection: collectionSchema,
  query: said.describe('Text to which near ones are searched'),
  limit: z.int().min(1).max(MAX_FOUND).default(10),
  model: modelSchema.optional().describe('Model that made the vectors; default: that of the settings'),
});

export const searchOutputSchema = z.object({
  model: z.string(),
  /** The nearest first. */
  found: z.array(
    z.object({
      id: z.string(),
      /** From -1 to 1; 1 is the same direction. */
      score: z.number(),
    }),
  ),
});

/** Input and output of each task of the domain. */
export const aiTaskSchemas = {
  'ai.complete': { input: completeInputSchema, output: completeOutputSchema },
  'ai.embed': { input: embedInputSchema, output: embedOutputSchema },
  'ai.search': { input: searchInputSchema, output: searchOutputSchema },
} as const;

/** What the domain contributes to the schemas. */
export const aiSchemas = { tasks: aiTaskSchemas } as const satisfies DomainSchemas;

export type CompleteInput = z.infer<typeof completeInputSchema>;
export type CompleteOutput = z.infer<typeof completeOutputSchema>;
export type EmbedInput = z.infer<typeof embedInputSchema>;
export type EmbedOutput = z.infer<typeof embedOutputSchema>;
export type SearchInput = z.infer<typeof searchInputSchema>;
export type SearchOutput = z.infer<typeof searchOutputSchema>;
