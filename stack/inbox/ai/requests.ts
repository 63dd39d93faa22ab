/** Reads the requests that the provider of models knows. */
import { z } from 'zod';
import { DIMENSIONS } from './embedding.ts';

const chatSchema = z
  .object({
    model: z.string(),
    messages: z.array(z.object({ role: z.string(), content: z.string() })).min(1),
    max_tokens: z.int().positive().default(1_000),
    stream: z.boolean().default(false),
    stream_options: z.object({ include_usage: z.boolean().default(false) }).nullish(),
    response_format: z.object({ json_schema: z.object({ schema: z.unknown() }).optional() }).nullish(),
  })
  .transform(({ max_tokens: maxTokens, response_format: format, stream_options: options, ...rest }) => ({
    ...rest,
    maxTokens,
    schema: format?.json_schema?.schema,
    tellsUsage: options?.include_usage === true,
  }));

const embeddingSchema = z
  .object({
    model: z.string(),
    input: z.union([z.string().transform((text) => [text]), z.array(z.string()).min(1).max(2_048)]),
    dimensions: z.int().min(8).max(4_096).default(DIMENSIONS),
    encoding_format: z.enum(['float', 'base64']).default('float'),
  })
  .transform(({ encoding_format: format, ...rest }) => ({ ...rest, format }));

/** A conversation. */
export type ChatRequest = z.infer<typeof chatSchema>;

/** Texts of which vectors are wanted. */
export type EmbeddingRequest = z.infer<typeof embeddingSchema>;

/** Reads a body; `undefined` for one of another form. */
export function readChat(body: unknown): ChatRequest | undefined {
  return chatSchema.safeParse(body).data;
}

/** Reads a body; `undefined` for one of another form. */
export function readEmbedding(body: unknown): EmbeddingRequest | undefined {
  return embeddingSchema.safeParse(body).data;
}
