/** What the workflows of the email domain accept. */
import { emailMessages, emailWorkflows } from '../../contracts/email/vocabulary.ts';
import { blob, carried, fields, flag, list, optional, text, unchecked, type WorkflowShape } from '../shape.ts';

/** Attachments have several forms, which the preparing activity checks. */
const bulk = fields(
  { subject: text, body: text },
  { recipients: list(text), manifest: blob, html: flag, attachments: list(unchecked) },
);

/** A mailing to all users. */
export const mailing: WorkflowShape = {
  input: [
    ['input', optional(fields({}))],
    ['carried', carried],
  ],
};

export const emailShapes = {
  [emailWorkflows.sendBulkEmails]: {
    input: [
      ['input', bulk],
      ['carried', carried],
    ],
    messages: { [emailMessages.progress]: [] },
  },
  [emailWorkflows.onboardUser]: {
    input: [['input', fields({ userId: text, email: text }, { name: text, timeZone: text, verificationToken: text })]],
  },
  [emailWorkflows.sendWeeklyDigest]: mailing,
  [emailWorkflows.sendInactiveReminders]: mailing,
} as const satisfies Readonly<Record<string, WorkflowShape>>;
