/** The tasks of the e-mail domain: the rows that this domain adds to the catalogue. */
import type {
  BulkEmailSummary,
  CreateUserProfileInput,
  CreateUserProfileOutput,
  DigestSliceInput,
  FinishBulkInput,
  ChunkOutcome,
  PrepareBulkInput,
  PrepareBulkOutput,
  ReminderSliceInput,
  SendBulkChunkInput,
  SendEmailInput,
  SendEmailOutput,
  TokenEmailInput,
  UserSliceOutput,
  WelcomeEmailInput,
} from './schema.ts';
import { EMAIL_ROUNDS, SMTP } from './vocabulary.ts';
import type { BreakerRule } from '../breakers/vocabulary.ts';
import { standardLimits, untilStoreIsBack } from '../tasks/policies.ts';
import { queues } from '../queues/names.ts';
import { taskRow } from '../tasks/definition.ts';
import type { RetryRule } from '../tasks/retry-rules.ts';
import { MINUTE_MS, SECOND_MS } from '../values/units.ts';

/** The policy of everything that speaks to an SMTP server. */
export const emailRetry: RetryRule = {
  attempts: EMAIL_ROUNDS,
  delayMs: 60 * SECOND_MS,
  factor: 2,
  maxDelayMs: 60 * MINUTE_MS,
  reason: 'Six attempts after 60, 120, 240, 480 and 960 s, at most an hour apart.',
};

/** What a server says of one message, or of one recipient, is no failure of the server. */
const breaker: BreakerRule = { key: SMTP, counts: ['EmailServerUnavailable'] };

const email = { queue: queues.documentsEmail, retry: emailRetry, limits: standardLimits, breaker } as const;
/** A user waits for these messages, whatever starts them. */
const transactional = { ...email, queue: queues.documentsHighPriority, priority: 8 } as const;
const bookkeeping = { queue: queues.documentsDefault, retry: untilStoreIsBack, limits: standardLimits } as const;

export const emailTasks = {
  send: taskRow<SendEmailInput, SendEmailOutput>()({
    name: 'email.send',
    purpose: 'Sends one message over SMTP, once per message key.',
    ...email,
  }),
  sendVerification: taskRow<TokenEmailInput, SendEmailOutput>()({
    name: 'email.sendVerification',
    purpose: 'Asks a user to verify an address, once per token; the link works for 24 hours.',
    ...transactional,
  }),
  sendPasswordReset: taskRow<TokenEmailInput, SendEmailOutput>()({
    name: 'email.sendPasswordReset',
    purpose: 'Sends the link that sets a new password, once per token; it works for 1 hour.',
    ...transactional,
  }),
  sendWelcome: taskRow<WelcomeEmailInput, SendEmailOutput>()({
    name: 'email.sendWelcome',
    purpose: 'Welcomes a user, once per address; nothing else.',
    ...email,
  }),
  createUserProfile: taskRow<CreateUserProfileInput, CreateUserProfileOutput>()({
    name: 'email.createUserProfile',
    purpose: 'Creates the profile of a user where there is none; nothing else.',
    ...bookkeeping,
  }),
  prepareBulk: taskRow<PrepareBulkInput, PrepareBulkOutput>()({
    name: 'email.prepareBulk',
    purpose: 'Counts the recipients of a bulk and stores list and message as blobs.',
    ...bookkeeping,
  }),
  sendBulkChunk: taskRow<SendBulkChunkInput, ChunkOutcome>()({
    name: 'email.sendBulkChunk',
    purpose: 'Sends one message to up to 500 recipients of a bulk in parallel, each once.',
    ...email,
  }),
  finishBulk: taskRow<FinishBulkInput, BulkEmailSummary>()({
    name: 'email.finishBulk',
    purpose: 'Lists one outcome for each recipient of a bulk.',
    ...bookkeeping,
  }),
  sendDigests: taskRow<DigestSliceInput, UserSliceOutput>()({
    name: 'email.sendDigests',
    purpose: 'Sends the weekly digest to a slice of the users that want it, once a week.',
    ...email,
  }),
  sendReminders: taskRow<ReminderSliceInput, UserSliceOutput>()({
    name: 'email.sendReminders',
    purpose: 'Reminds a slice of the inactive users, once for each time of absence.',
    ...email,
  }),
} as const;
