/** Shapes of everything that enters or leaves the e-mail domain. Never imported by value in workflow code. */
import { z } from 'zod';
import { blobRefSchema } from './blobs.schema.ts';

/** One address, without a display name. */
export const addressSchema = z.email().max(320).describe('E-mail address');

/** A file of the allowed folders, or a stored object, that goes along with a message (EMAIL-10). */
export const attachmentSchema = z.union([
  z.strictObject({ path: z.string().min(1).max(4_096), filename: z.string().min(1).max(255).optional() }),
  z.strictObject({
    ref: blobRefSchema,
    filename: z.string().min(1).max(255),
    contentType: z.string().max(255).optional(),
  }),
]);

export const sendEmailInputSchema = z.strictObject({
  messageKey: z
    .string()
    .min(1)
    .max(200)
    .describe('Business key: a second message with the same key is the same message and is not sent again'),
  to: addressSchema,
  subject: z.string().min(1).max(998),
  body: z.string().max(1_000_000),
  html: z.boolean().optional().describe('The body is HTML; default false'),
  attachments: z.array(attachmentSchema).max(20).optional(),
});
export const sendEmailOutputSchema = z.object({
  status: z.literal('sent'),
  recipient: z.string(),
  /** Message-ID under which it left; the same for every attempt. */
  messageId: z.string(),
});

/** Input and output of each task of the domain. */
export const emailTaskSchemas = {
  'email.send': { input: sendEmailInputSchema, output: sendEmailOutputSchema },
} as const;

export type SendEmailInput = z.infer<typeof sendEmailInputSchema>;
export type SendEmailOutput = z.infer<typeof sendEmailOutputSchema>;
