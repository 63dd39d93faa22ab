/** Shapes of everything that enters or leaves the e-mail domain. Never imported by value in workflow code. */
import { z } from 'zod';
import { instantSchema } from '../values/instant.schema.ts';
import { parseAddress, parseMailbox } from '../values/email-address.ts';
import { timeZoneSchema } from '../values/time-zone.schema.ts';
import type { DomainSchemas } from '../domain.schema.ts';
import { blobRefSchema } from '../values/blobs.schema.ts';
import { ADMIN_RECIPIENT, EMAIL_ROUNDS, emailWorkflows, INLINE_RECIPIENTS, MESSAGE_RECIPIENTS } from './vocabulary.ts';
import { failureSchema } from '../failures/schema.ts';

/** Line breaks and other control characters would start a header of their own. */
const oneLine = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\u0000-\u001f\u007f\u0085\u2028\u2029]*$/, 'expected one line without control characters');

/** One address, without a display name. */
export const addressSchema = z
  .string()
  .max(320)
  .refine((text) => parseAddress(text) !== undefined, 'expected an e-mail address such as name@example.com')
  .meta({ format: 'idn-email' })
  .describe('E-mail address');

/** One address, which may have a display name: `Ada <ada@example.com>`. */
export const mailboxSchema = z
  .string()
  .max(600)
  .refine(
    (text) => parseMailbox(text) !== undefined,
    'expected an e-mail address such as name@example.com, or a name and an address such as Ada <ada@example.com>',
  )
  .describe('E-mail address, which may have a name: `Ada <ada@example.com>`');

/** An address with or without a name, or `admin` for the administrator of the installation. */
export const recipientSchema = z
  .union([z.literal(ADMIN_RECIPIENT), mailboxSchema], {
    error: 'expected an e-mail address, a name and an address such as Ada <ada@example.com>, or admin',
  })
  .describe('E-mail address, which may have a name, or `admin`');

const recipientList = z.array(recipientSchema).max(MESSAGE_RECIPIENTS);

/** Whom a single message is for. Each recipient gets a copy with an outcome of its own. */
const recipients = {
  to: z
    .union([recipientSchema, recipientList.min(1)], {
      error: `expected a recipient, or a list of 1 to ${String(MESSAGE_RECIPIENTS)}`,
    })
    .describe('One recipient or several'),
  cc: recipientList.optional().describe('Who gets a copy, for all to see'),
  bcc: recipientList.optional().describe('Who gets a copy that no header names'),
  replyTo: z.array(mailboxSchema).min(1).max(10).optional().describe('Where answers go; default: to the sender'),
};

/** A file of the allowed folders, or a stored object, that goes along with a message. */
export const attachmentSchema = z.union([
  z.strictObject({ path: z.string().min(1).max(4_096), filename: oneLine(255).optional() }),
  z.strictObject({
    ref: blobRefSchema,
    filename: oneLine(255),
    contentType: z
      .string()
      .max(255)
      .regex(/^[\w.+-]+\/[\w.+-]+$/, 'expected a media type such as application/pdf')
      .optional(),
  }),
]);

export const subjectSchema = oneLine(998).describe('Subject, one line');
export const messageKeySchema = z
  .string()
  .min(1)
  .max(200)
  .describe('Business key: a second message with the same key is the same message and is not sent again');

const content = {
  subject: subjectSchema,
  body: z.string().max(1_000_000),
  html: z.boolean().optional().describe('The body is HTML; default false'),
  attachments: z.array(attachmentSchema).max(20).optional(),
};

const sendEmailSchema = z.strictObject({
  messageKey: messageKeySchema,
  ...recipients,
  ...content,
  textBody: z.string().max(1_000_000).optional().describe('Plain text beside an HTML body; default: derived from it'),
});

/** The text of a message without HTML is its body, so a second text would never be sent. */
const oneText = ({ html, textBody }: { html?: boolean | undefined; textBody?: string | undefined }): boolean =>
  textBody === undefined || html === true;
const oneTextOnly = {
  path: ['html'],
  message: 'expected true beside textBody; the text of a message without HTML is its body',
};

export const sendEmailInputSchema = sendEmailSchema.refine(oneText, oneTextOnly);
/** As HTTP takes it: without a key the server makes one. */
export const sendEmailRequestSchema = sendEmailSchema.partial({ messageKey: true }).refine(oneText, oneTextOnly);
export const sendEmailOutputSchema = z.object({
  status: z.literal('sent'),
  /** The first recipient. */
  recipient: z.string(),
  /** All recipients, where there are several; each of them was sent a copy. */
  recipients: z.array(z.string()).optional(),
  /** Message-ID under which it left; the same for every attempt. */
  messageId: z.string(),
});

/** A one-time token of another system; it reaches the link URL-encoded. */
const tokenSchema = z.string().min(1).max(2_048).describe('Token that the link carries');
export const tokenEmailInputSchema = z.strictObject({ to: addressSchema, token: tokenSchema });
export const welcomeEmailInputSchema = z.strictObject({ to: addressSchema, name: z.string().max(200).optional() });

export const userIdSchema = z.string().min(1).max(200).describe('Id of a user');
export const createUserProfileInputSchema = z.strictObject({
  userId: userIdSchema,
  email: addressSchema,
  name: z.string().max(200).optional(),
  timeZone: timeZoneSchema.optional(),
});
export const createUserProfileOutputSchema = z.object({
  status: z.literal('success'),
  user_id: z.string(),
  /** False when there was one before. */
  created: z.boolean(),
});

export const onboardUserInputSchema = createUserProfileInputSchema.extend({
  verificationToken: tokenSchema.optional().describe('With it, the user is asked to verify the address as well'),
});

/** One message for many: exactly one of `recipients` and `manifest`. Each recipient is judged on its own. */
export const bulkEmailInputSchema = z
  .strictObject({
    recipients: z.array(z.string().max(1_000)).min(1).max(INLINE_RECIPIENTS).optional(),
    manifest: blobRefSchema.optional().describe('JSON lines, each {"to": …}; up to 100,000'),
    ...content,
    html: z.boolean().optional().describe('The body is HTML; default true'),
  })
  .refine((input) => (input.recipients === undefined) !== (input.manifest === undefined), {
    message: 'expected exactly one of recipients and manifest',
  });

const bulkIdSchema = z.string().min(1).max(1_000);
export const prepareBulkInputSchema = z.object({ bulkId: bulkIdSchema, input: bulkEmailInputSchema });
export const prepareBulkOutputSchema = z.object({
  /** Recipients as they were named, repetitions and wrong ones included. */
  total: z.int(),
  /** JSON lines: one address each. */
  recipients: blobRefSchema,
  /** What they get. */
  message: blobRefSchema,
});

const round = z.int().min(1).max(EMAIL_ROUNDS).describe('Pass over those that asked to wait; the last one gives up');
export const chunkOutcomeSchema = z.object({
  sent: z.int(),
  failed: z.int(),
  duplicates: z.int(),
  deferred: z.int(),
  /** When the next round should come, in milliseconds; 0 when nobody waits. */
  againAfterMs: z.int(),
});
export const sendBulkChunkInputSchema = z.object({
  bulkId: bulkIdSchema,
  recipients: blobRefSchema,
  message: blobRefSchema,
  /** Position of the first recipient, from 0. */
  first: z.int().nonnegative(),
  count: z.int().min(1).max(5_000),
  round,
});

export const emailOutcomeSchema = z.object({
  /** Place in the list, from 0. */
  position: z.int(),
  status: z.enum(['sent', 'failed', 'duplicate', 'pending']),
  messageId: z.string().nullable(),
  failure: failureSchema.nullable(),
});
export const finishBulkInputSchema = z.object({ bulkId: bulkIdSchema, total: z.int() });
export const bulkEmailSummarySchema = z.object({
  status: z.literal('finished'),
  group_id: z.string(),
  total_emails: z.int(),
  sent: z.int(),
  failed: z.int(),
  duplicates: z.int(),
  /** Not reached because the mailing was stopped; starting it again under its id continues with them. */
  pending: z.int(),
  /** One outcome for each recipient, in the order of the list; inline up to 500, else absent and in `outcomesRef`. */
  outcomes: z.array(emailOutcomeSchema).optional(),
  /** JSON lines of the same. */
  outcomesRef: blobRefSchema.optional(),
});

export const userSliceInputSchema = z.object({
  /** Id of the last user of the slice before; empty for the first. */
  after: z.string().max(1_000),
  limit: z.int().min(1).max(5_000),
  round,
});
export const digestSliceInputSchema = userSliceInputSchema.extend({
  /** The week that is told about: `from` is part of it, `until` is not. */
  from: instantSchema,
  until: instantSchema,
});
export const reminderSliceInputSchema = userSliceInputSchema.extend({ now: instantSchema });
export const userSliceOutputSchema = chunkOutcomeSchema.extend({
  users: z.int(),
  /** Where the next slice begins; `null` when there is none. */
  next: z.string().nullable(),
});

/** Input and output of each task of the domain. */
export const emailTaskSchemas = {
  'email.send': { input: sendEmailInputSchema, output: sendEmailOutputSchema },
  'email.sendVerification': { input: tokenEmailInputSchema, output: sendEmailOutputSchema },
  'email.sendPasswordReset': { input: tokenEmailInputSchema, output: sendEmailOutputSchema },
  'email.sendWelcome': { input: welcomeEmailInputSchema, output: sendEmailOutputSchema },
  'email.createUserProfile': { input: createUserProfileInputSchema, output: createUserProfileOutputSchema },
  'email.prepareBulk': { input: prepareBulkInputSchema, output: prepareBulkOutputSchema },
  'email.sendBulkChunk': { input: sendBulkChunkInputSchema, output: chunkOutcomeSchema },
  'email.finishBulk': { input: finishBulkInputSchema, output: bulkEmailSummarySchema },
  'email.sendDigests': { input: digestSliceInputSchema, output: userSliceOutputSchema },
  'email.sendReminders': { input: reminderSliceInputSchema, output: userSliceOutputSchema },
} as const;

const noOptions = z.union([z.tuple([]), z.tuple([z.strictObject({})])]);

/** What the email domain contributes to the schemas. */
export const emailSchemas = {
  tasks: emailTaskSchemas,
  workflows: {
    [emailWorkflows.sendWeeklyDigest]: noOptions,
    [emailWorkflows.sendInactiveReminders]: noOptions,
  },
} as const satisfies DomainSchemas;

export type Attachment = z.infer<typeof attachmentSchema>;
export type SendEmailInput = z.infer<typeof sendEmailInputSchema>;
export type SendEmailOutput = z.infer<typeof sendEmailOutputSchema>;
export type TokenEmailInput = z.infer<typeof tokenEmailInputSchema>;
export type WelcomeEmailInput = z.infer<typeof welcomeEmailInputSchema>;
export type CreateUserProfileInput = z.infer<typeof createUserProfileInputSchema>;
export type CreateUserProfileOutput = z.infer<typeof createUserProfileOutputSchema>;
export type OnboardUserInput = z.infer<typeof onboardUserInputSchema>;
export type BulkEmailInput = z.infer<typeof bulkEmailInputSchema>;
export type PrepareBulkInput = z.infer<typeof prepareBulkInputSchema>;
export type PrepareBulkOutput = z.infer<typeof prepareBulkOutputSchema>;
export type SendBulkChunkInput = z.infer<typeof sendBulkChunkInputSchema>;
export type ChunkOutcome = z.infer<typeof chunkOutcomeSchema>;
export type EmailOutcome = z.infer<typeof emailOutcomeSchema>;
export type FinishBulkInput = z.infer<typeof finishBulkInputSchema>;
export type BulkEmailSummary = z.infer<typeof bulkEmailSummarySchema>;
export type DigestSliceInput = z.infer<typeof digestSliceInputSchema>;
export type ReminderSliceInput = z.infer<typeof reminderSliceInputSchema>;
export type UserSliceOutput = z.infer<typeof userSliceOutputSchema>;
