/** Starts mailings and finds them again. */
import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { type Workflow, WorkflowExecutionAlreadyStartedError, type WorkflowStartOptions } from '@temporalio/client';
import { z } from 'zod';
import type { BlobRef } from '../contracts/blobs.ts';
import {
  bulkEmailInputSchema,
  onboardUserInputSchema,
  sendEmailInputSchema,
  tokenEmailInputSchema,
  welcomeEmailInputSchema,
  type BulkEmailSummary,
  type SendEmailOutput,
} from '../contracts/email.schema.ts';
import {
  type BulkProgress,
  emailMessages,
  emailWorkflowId,
  emailWorkflows,
  INLINE_RECIPIENTS,
  isEmailWorkflowId,
  MAX_BULK,
} from '../contracts/email.ts';
import { emailTasks } from '../contracts/email.tasks.ts';
import { PerennialError } from '../contracts/failures.ts';
import type { PriorityLevels } from '../contracts/priorities.ts';
import { queues } from '../contracts/queues.ts';
import { type Routed, routeTask } from '../contracts/routing.ts';
import { taskWorkflows } from '../contracts/tasks.ts';
import type {
  onboardUser,
  runTask,
  sendBulkEmails,
  sendInactiveReminders,
  sendWeeklyDigest,
} from '../workflows/index.ts';
import type { BulkHandle, BulkStart, EmailJobs, EmailMessage, QueuedBulk, QueuedEmail } from './email-types.ts';
import { jobHandle } from './handles.ts';
import type { ManifestStore } from './manifest.ts';
import type { Rpc } from './rpc.ts';
import { serverPriority } from './task-call.ts';
import type { JobHandle } from './types.ts';
import { validate } from './validate.ts';

const bulkIdSchema = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\w.:@-]+$/, 'letters, digits and . : @ _ -');
const recipientsSchema = z.array(z.string().max(1_000)).min(1).max(MAX_BULK);

/** What mail needs to know of its connection. */
export interface EmailSettings {
  /** Where lists of more than 5,000 addresses are put. */
  readonly blobs: ManifestStore | undefined;
  /** Priorities that the server tells apart. */
  readonly priorityLevels: PriorityLevels;
}

/** Binds mail to a connection. */
export function createEmailJobs(rpc: Rpc, { blobs, priorityLevels }: EmailSettings): EmailJobs {
  const queueTask: QueueTask = (task, name, input) => queueMail(rpc, priorityLevels, { task, name, input });
  const templated = (task: MailTask, about: string, input: unknown): Promise<QueuedEmail> =>
    queueTask(task, nameOf(`${task.name}\n${about}`), input);
  return {
    send: (message) => send(rpc, queueTask, message),
    sendVerification: (to, token) =>
      templated(emailTasks.sendVerification, `${to}\n${token}`, validate(tokenEmailInputSchema, { to, token })),
    sendPasswordReset: (to, token) =>
      templated(emailTasks.sendPasswordReset, `${to}\n${token}`, validate(tokenEmailInputSchema, { to, token })),
    sendWelcome: (to, name) => {
      const input = validate(welcomeEmailInputSchema, { to, ...(name === undefined ? {} : { name }) });
      return templated(emailTasks.sendWelcome, to, input);
    },
    sendBulk: (input, options) => sendBulk(rpc, blobs, input, options?.id),
    getBulk: (id) => bulkHandle(rpc, bulkWorkflowId(id)),
    getEmail: (taskId) => jobHandle<SendEmailOutput>(rpc, taskId),
    onboard: async (user) => {
      const input = validate(onboardUserInputSchema, user, 'user');
      const workflowId = emailWorkflowId('onboarding', nameOf(input.userId));
      return startJob<typeof onboardUser>(rpc, emailWorkflows.onboardUser, workflowId, [input]);
    },
    sendWeeklyDigest: () =>
      startJob<typeof sendWeeklyDigest>(rpc, emailWorkflows.sendWeeklyDigest, emailWorkflows.sendWeeklyDigest, [{}]),
    sendInactiveReminders: () => {
      const name = emailWorkflows.sendInactiveReminders;
      return startJob<typeof sendInactiveReminders>(rpc, name, name, [{}]);
    },
  };
}

/** Ids are seen by everybody who sees the job: what names a person is hashed. */
function nameOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** A second start while the first runs is the same job; after it, the ledger knows what was sent. */
async function startJob<W extends Workflow>(
  rpc: Rpc,
  workflow: string,
  workflowId: string,
  args: Parameters<W>,
  more: Pick<WorkflowStartOptions, 'priority'> = {},
): Promise<JobHandle<Awaited<ReturnType<W>>>> {
  // Spread of a generic parameter list hides from the compiler that these are the options of W.
  const options = {
    workflowId,
    taskQueue: queues.workflows,
    args,
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    ...more,
  } as unknown as WorkflowStartOptions<W>;
  await rpc.call(workflowId, (client) => client.workflow.start<W>(workflow, options));
  return jobHandle(rpc, workflowId);
}

async function send(rpc: Rpc, queueTask: QueueTask, message: EmailMessage): Promise<JobHandle<SendEmailOutput>> {
  const { messageKey = randomUUID(), ...rest } = message;
  const input = validate(sendEmailInputSchema, { messageKey, ...rest });
  const { task_id: id } = await queueTask(emailTasks.send, nameOf(messageKey), input);
  return jobHandle<SendEmailOutput>(rpc, id);
}

type MailTask = Routed & { readonly name: string };
type QueueTask = (task: MailTask, name: string, input: unknown) => Promise<QueuedEmail>;

/** One mail, with the priority of its task: what carries none would count as the middle one. */
async function queueMail(
  rpc: Rpc,
  levels: PriorityLevels,
  { task, name, input }: { readonly task: MailTask; readonly name: string; readonly input: unknown },
): Promise<QueuedEmail> {
  const workflowId = emailWorkflowId('single', name);
  const priority = serverPriority(routeTask(task, input).priority, undefined, levels);
  await startJob<typeof runTask>(rpc, taskWorkflows.runTask, workflowId, [task.name, input], { priority });
  return { status: 'queued', task_id: workflowId };
}

/** Takes the workflow id as well as the name that the caller gave the bulk. */
function bulkWorkflowId(id: string): string {
  const name = validate(bulkIdSchema, id, 'id');
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
  try {
    await rpc.call(workflowId, (client) =>
      client.workflow.start<typeof sendBulkEmails>(emailWorkflows.sendBulkEmails, {
        workflowId,
        taskQueue: queues.workflows,
        args: [input],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      }),
    );
  } catch (error) {
    // Done already: the same id is the same bulk, and its result is there to be fetched.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
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
