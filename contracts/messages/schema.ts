/** Shapes of everything that enters or leaves the domain of text messages. Never imported by value in workflow code. */
import { z } from 'zod';
import type { DomainSchemas } from '../domain.schema.ts';
import { messageKeySchema } from '../email/schema.ts';

/** A telephone number as people write it. The task tells apart what is wrong with one. */
export const phoneSchema = z
  .string()
  .min(1)
  .max(50)
  .describe('Telephone number in the international form, such as +4915112345678; spaces and hyphens are allowed');

/** What a message says. Longer ones are refused by the task, with a failure of their own. */
const bodySchema = z.string().min(1).max(10_000).describe('What it says; at most 1,600 characters');

const sendMessageSchema = z.strictObject({ messageKey: messageKeySchema, to: phoneSchema, body: bodySchema });

export const sendMessageInputSchema = sendMessageSchema;
/** As HTTP takes it: without a key the server makes one. */
export const sendMessageRequestSchema = sendMessageSchema.partial({ messageKey: true });
export const sendMessageOutputSchema = z.object({
  status: z.literal('sent'),
  /** Id that the provider gave the message. */
  sid: z.string(),
  encoding: z.enum(['gsm7', 'ucs2']),
  /** Parts that a phone network carries; each is paid for. */
  segments: z.int(),
  /** What the parts cost by MESSAGES_SEGMENT_COST, as a decimal number. */
  cost: z.string(),
});

/** Input and output of each task of the domain. */
export const messageTaskSchemas = {
  'messages.send': { input: sendMessageInputSchema, output: sendMessageOutputSchema },
} as const;

/** What the domain contributes to the schemas. */
export const messageSchemas = { tasks: messageTaskSchemas } as const satisfies DomainSchemas;

export type SendMessageInput = z.infer<typeof sendMessageInputSchema>;
export type SendMessageOutput = z.infer<typeof sendMessageOutputSchema>;
