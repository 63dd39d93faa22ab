/** Names and examples of the shapes of messages in the OpenAPI document. */
import {
  attachmentSchema,
  bulkEmailSummarySchema,
  emailOutcomeSchema,
  onboardUserInputSchema,
  recipientSchema,
  sendEmailOutputSchema,
  sendEmailRequestSchema,
  tokenEmailInputSchema,
} from '../../contracts/email/schema.ts';
import { component, type Components } from '../http/components.ts';
import { bulkBody, bulkJobSchema, emailJobSchema, queuedBulkSchema, queuedSchema } from './schemas.ts';

const sent = { status: 'sent', recipient: 'ada@example.com', messageId: '<17@example.com>' } as const;
const outcome = { position: 0, status: 'sent', messageId: sent.messageId, failure: null } as const;
const summary = {
  status: 'finished' as const,
  group_id: 'newsletter-1',
  total_emails: 1,
  sent: 1,
  failed: 0,
  duplicates: 0,
  pending: 0,
  outcomes: [outcome],
};

export const emailComponents: Components = {
  Message: component(sendEmailRequestSchema, {
    messageKey: 'order-17-confirmed',
    to: 'Ada <ada@example.com>',
    subject: 'Your order 17',
    body: 'We have it.',
  }),
  Recipient: component(recipientSchema, 'Ada <ada@example.com>'),
  Attachment: component(attachmentSchema, { path: '/data/invoices/17.pdf', filename: 'invoice-17.pdf' }),
  SentMessage: component(sendEmailOutputSchema, sent),
  QueuedMessage: component(queuedSchema, { status: 'queued', task_id: 'email-order-17-confirmed' }),
  MessageJob: component(emailJobSchema, { id: 'email-order-17-confirmed', status: 'completed', result: sent }),
  JobStatus: component(emailJobSchema.shape.status),
  JobStatusOrGone: component(bulkJobSchema.shape.status),
  TokenMessage: component(tokenEmailInputSchema, { to: 'ada@example.com', token: 'a-token-of-your-application' }),
  NewUser: component(onboardUserInputSchema, { userId: 'ada', email: 'ada@example.com', name: 'Ada' }),
  BulkMessage: component(bulkBody, {
    recipients: ['ada@example.com', 'bob@example.com'],
    subject: 'News of January',
    body: '<p>Good news.</p>',
  }),
  QueuedBulk: component(queuedBulkSchema, {
    status: 'queued',
    task_id: 'newsletter-1',
    total_emails: 2,
    group_id: 'newsletter-1',
  }),
  BulkJob: component(bulkJobSchema, {
    id: 'newsletter-1',
    status: 'running',
    progress: { phase: 'sending', round: 1, total: 2, sent: 1, failed: 0, duplicates: 0, deferred: 0 },
  }),
  BulkSummary: component(bulkEmailSummarySchema, summary),
  BulkOutcome: component(emailOutcomeSchema, outcome),
  BulkOutcomeStatus: component(emailOutcomeSchema.shape.status),
};
