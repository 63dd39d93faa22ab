/** Starts mailings and finds them again. */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { z } from 'zod';
import type { BlobRef } from '../../contracts/values/blobs.ts';
import {
  bulkEmailInputSchema,
  onboardUserInputSchema,
  sendEmailInputSchema,
  tokenEmailInputSchema,
  welcomeEmailInputSchema,
  type BulkEmailSummary,
  type SendEmailOutput,
} from '../../contracts/email/schema.ts';
import {
  type BulkProgress,
  emailMessages,
  emailWorkflowId,
  emailWorkflows,
  INLINE_RECIPIENTS,
  isEmailWorkflowId,
  MAX_BULK,
} from '../../contracts/email/vocabulary.ts';
import { emailTasks } from '../../contracts/email/tasks.ts';
import { PerennialError } from '../../contracts/failures.ts';
import type { PriorityLevels } from '../../contracts/queues/priorities.ts';
import type { onboardUser, sendBulkEmails, sendInactiveReminders, sendWeeklyDigest } from '../../workflows/index.ts';
import type { BulkHandle, BulkStart, EmailJobs, EmailMessage, QueuedBulk, QueuedEmail } from './types.ts';
import { jobHandle } from '../connection/handles.ts';
import type { Rpc } from '../connection/rpc.ts';
import type { ClientContext, ManifestStore } from '../domain.ts';
import { begin, onlyOne } from './mailing.ts';
import { privateId } from './private-ids.ts';
import { jobNameSchema, startJob } from '../connection/start-job.ts';
import { type Again, type QueuedTask, queueTask } from '../tasks/queue-task.ts';
import { validate } from '../connection/validate.ts';
import type { JobHandle } from '../connection/jobs.ts';

const recipientsSchema = z.array(z.string().max(1_000)).min(1).max(MAX_BULK);

/** Binds mail to a connection. */
export function createEmailJobs({
  rpc,
  blobs,
  priorityLevels,
}: Pick<ClientContext, 'rpc' | 'blobs' | 'priorityLevels'>): EmailJobs {
  const queue: QueueTask = (task, about, input, again) =>
    queueEmail(rpc, priorityLevels, { task, about, input, again });
  const templated = (task: QueuedTask['task'], about: string, input: unknown): Promise<QueuedEmail> =>
    queue(task, `${task.name}\n${about}`, input);
  return {
    send: (message) => send(rpc, queue, message),
    sendVerification: async (to, token) =>
      templated(emailTasks.sendVerification, `${to}\n${token}`, validate(tokenEmailInputSchema, { to, token })),
    sendPasswordReset: async (to, token) =>
      templated(emailTasks.sendPasswordReset, `${to}\n${token}`, validate(tokenEmailInputSchema, { to, token })),
    sendWelcome: async (to, name) => {
      const input = validate(welcomeEmailInputSchema, { to, ...(name === undefined ? {} : { name }) });
      return templated(emailTasks.sendWelcome, to, input);
    },
    sendBulk: (input, options) => sendBulk(rpc, blobs, input, options?.id),
    getBulk: (id) => bulkHandle(rpc, bulkWorkflowId(id)),
    getEmail: (taskId) => jobHandle<SendEmailOutput>(rpc, taskId),
    onboard: async (user) => {
      const input = validate(onboardUserInputSchema, user, 'user');
      const workflowId = await privateId(rpc, input.userId, (name) => emailWorkflowId('onboarding', name));
      return begin<typeof onboardUser>(rpc, {
        workflow: emailWorkflows.onboardUser,
        workflowId,
        args: [input],
        staticSummary: 'mails to a new user',
      });
    },
    sendWeeklyDigest: () =>
      begin<typeof sendWeeklyDigest>(rpc, onlyOne(emailWorkflows.sendWeeklyDigest, 'weekly digest to all users')),
    sendInactiveReminders: () =>
      begin<typeof sendInactiveReminders>(
        rpc,
        onlyOne(emailWorkflows.sendInactiveReminders, 'reminders to inactive users'),
      ),
  };
}

/** The ledger holds what became of a key, so another message under it would never leave. */
const SAME_MESSAGE: Again = { whenDone: 'keep', whenFailed: 'go-on' };

async function send(rpc: Rpc, queue: QueueTask, message: EmailMessage): Promise<JobHandle<SendEmailOutput>> {
  const { messageKey = randomUUID(), ...rest } = message;
  const input = validate(sendEmailInputSchema, { messageKey, ...rest });
  const { task_id: id } = await queue(emailTasks.send, messageKey, input, SAME_MESSAGE);
  return jobHandle<SendEmailOutput>(rpc, id);
}

type QueueTask = (task: QueuedTask['task'], about: string, input: unknown, again?: Again) => Promise<QueuedEmail>;

/** One mail; its id tells nobody whom it is for. */
async function queueEmail(
  rpc: Rpc,
  levels: PriorityLevels,
  {
    about,
    ...queued
  }: Pick<QueuedTask, 'task' | 'input'> & { readonly about: string; readonly again?: Again | undefined },
): Promise<QueuedEmail> {
  const workflowId = await privateId(rpc, about, (name) => emailWorkflowId('single', name));
  await queueTask(rpc, levels, { ...queued, workflowId, again: queued.again ?? { whenDone: 'repeat' } });
  return { status: 'queued', task_id: workflowId };
}

/** Takes the workflow id as well as the name that the caller gave the bulk. */
function bulkWorkflowId(id: string): string {
  const name = validate(jobNameSchema, id, 'id');
  return isEmailWorkflowId('bulk', name) ? name : emailWorkflowId('bulk', name);
}

function bulkHandle(rpc: Rpc, workflowId: string): BulkHandle {
  return {
    ...jobHandle<BulkEmailSummary>(rpc, workflowId),
    progress: () =>
      rpc.call(workflowId, (client) =>
        client.workflow.getHandle(workflowId).query<BulkProgress>(emailMessages.progress),
      ),
  };
}

async function sendBulk(
  rpc: Rpc,
  blobs: ManifestStore | undefined,
  given: BulkStart,
  id: string = randomUUID(),
): Promise<QueuedBulk> {
  const workflowId = bulkWorkflowId(id);
  const input = await withManifest(given, blobs);
  await startJob<typeof sendBulkEmails>(rpc, {
    workflow: emailWorkflows.sendBulkEmails,
    workflowId,
    staticSummary: 'mail to many recipients',
    args: [input],
    whenDone: 'keep',
    whenFailed: 'go-on',
  });
  const total = given.recipients?.length;
  return {
    status: 'queued',
    ...(total === undefined ? {} : { total_emails: total }),
    group_id: workflowId,
    task_id: workflowId,
  };
}

/** Long lists travel by reference: a message to the server may hold 2 MB. */
async function withManifest(given: BulkStart, blobs: ManifestStore | undefined): Promise<BulkStart> {
  // The input is not validated yet: JavaScript callers may pass anything.
  const list: unknown = (given as BulkStart | null | undefined)?.recipients;
  if (!Array.isArray(list) || list.length <= INLINE_RECIPIENTS) return validate(bulkEmailInputSchema, given);
  const { recipients: _moved, ...rest } = given;
  // Checked with a stand-in for the list, so that a wrong field does not leave a stored manifest behind.
  validate(bulkEmailInputSchema, { ...rest, recipients: ['stand-in'] });
  const recipients = validate(recipientsSchema, list, 'recipients');
  if (blobs === undefined)
    throw new PerennialError(
      'InvalidInput',
      `recipients: expected at most ${INLINE_RECIPIENTS} entries, got ${recipients.length}. ` +
        'Longer lists need a blob store: pass `blobs` to connectPerennial, or store a manifest yourself.',
    );
  return { ...rest, manifest: await storeManifest(recipients, blobs) };
}

async function storeManifest(recipients: readonly string[], blobs: ManifestStore): Promise<BlobRef> {
  const lines = function* (): Generator<string> {
    for (const to of recipients) yield `${JSON.stringify({ to })}\n`;
  };
  return blobs.put('manifests', Readable.from(lines()));
}
