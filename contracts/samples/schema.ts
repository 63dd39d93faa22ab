/** Shapes of the sample tasks of canvases. Workflow code imports only types from here. */
import { z } from 'zod';
import type { DomainSchemas } from '../domain.schema.ts';

const numbers = z.array(z.number()).max(100_000);
const one = <S extends z.ZodType>(data: S): z.ZodObject<{ data: S }> => z.object({ data });

export const numberInputSchema = one(z.number());
export const numbersInputSchema = one(numbers);
export const chunksInputSchema = one(z.array(numbers));
export const textInputSchema = one(z.string().max(100_000));
export const pairInputSchema = z.object({ a: z.number(), b: z.number() });
export const savedSchema = z.object({ saved: z.int() });
export const fileInputSchema = z.object({ file_id: z.string().min(1).max(200) });
export const fileOutputSchema = z.object({ file_id: z.string(), status: z.literal('processed') });
export const fileNoticeInputSchema = z.object({ file: fileOutputSchema, user_id: z.string().min(1).max(200) });
export const fileNoticeOutputSchema = z.object({ status: z.literal('sent'), user_id: z.string() });

/** Input and output of each task of the domain. */
export const sampleTaskSchemas = {
  'samples.addOne': { input: numberInputSchema, output: z.number() },
  'samples.double': { input: numberInputSchema, output: z.number() },
  'samples.subtractFive': { input: numberInputSchema, output: z.number() },
  'samples.square': { input: numberInputSchema, output: z.number() },
  'samples.sum': { input: numbersInputSchema, output: z.number() },
  'samples.addOneTiny': { input: numberInputSchema, output: z.number() },
  'samples.sumTiny': { input: numbersInputSchema, output: z.number() },
  'samples.validateData': { input: numbersInputSchema, output: numbers },
  'samples.doubleChunk': { input: numbersInputSchema, output: numbers },
  'samples.mergeChunks': { input: chunksInputSchema, output: numbers },
  'samples.saveNumbers': { input: numbersInputSchema, output: savedSchema },
  'samples.upperCase': { input: textInputSchema, output: z.string() },
  'samples.add': { input: pairInputSchema, output: z.number() },
  'samples.sumOfSquares': { input: numbersInputSchema, output: z.number() },
  'samples.countItems': { input: numbersInputSchema, output: z.int() },
  'samples.processFile': { input: fileInputSchema, output: fileOutputSchema },
  'samples.notifyOfFile': { input: fileNoticeInputSchema, output: fileNoticeOutputSchema },
} as const;

/** What the samples domain contributes to the schemas. */
export const sampleSchemas = {
  tasks: sampleTaskSchemas,
} as const satisfies DomainSchemas;

export type NumberInput = z.infer<typeof numberInputSchema>;
export type NumbersInput = z.infer<typeof numbersInputSchema>;
export type ChunksInput = z.infer<typeof chunksInputSchema>;
export type TextInput = z.infer<typeof textInputSchema>;
export type PairInput = z.infer<typeof pairInputSchema>;
export type Saved = z.infer<typeof savedSchema>;
export type FileInput = z.infer<typeof fileInputSchema>;
export type FileOutput = z.infer<typeof fileOutputSchema>;
export type FileNoticeInput = z.infer<typeof fileNoticeInputSchema>;
export type FileNoticeOutput = z.infer<typeof fileNoticeOutputSchema>;
