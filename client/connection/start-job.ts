/** Starts jobs under a business key, so that a second start of the same job joins the first. */
import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowExecutionDescription,
  type WorkflowStartOptions,
} from '@temporalio/client';
import type { Workflow } from '@temporalio/common';
import { z } from 'zod';
import { lackedFor } from '../../contracts/register.schema.ts';
import { queues } from '../../contracts/queues/names.ts';
import { Conflict, NotFound } from './errors.ts';
import { type Fingerprint, FINGERPRINT_MEMO, fingerprintOf, isSame } from './fingerprint.ts';
import { statusOf } from './handles.ts';
import type { JobStatus } from './jobs.ts';
import type { Rpc } from './rpc.ts';
import { indexedAs } from './search-attributes.ts';
import { InvalidInput } from './validate.ts';

/** The name that a caller gives a job. */
export const jobNameSchema = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\w.:@-]+$/, 'letters, digits and . : @ _ -');

/** A workflow to start. */
export interface StartOf<W extends Workflow> extends Pick<
  WorkflowStartOptions,
  'priority' | 'typedSearchAttributes' | 'memo'
> {
  readonly workflow: string;
  readonly workflowId: string;
  readonly args: Parameters<W>;
  /** What the job is, in a few words without personal data, for the screens of the server; cut after 200 characters. */
  readonly staticSummary: string;
  /** Effect of a start after the job has succeeded: `keep` its result, or `repeat` the job. */
  readonly whenDone: 'keep' | 'repeat';
  /**
   * Effect of a start after the job has failed or was stopped: `anew` begins again with any content; `go-on` continues from
   * what the domain has stored of the first run, so it requires the same content.
   *
   * @defaultValue anew
   */
  readonly whenFailed?: 'anew' | 'go-on';
  /** Fingerprint of the content of the job. @defaultValue the fingerprint of the arguments */
  readonly fingerprint?: Fingerprint | undefined;
}

/** Most attempts to start one job; another attempt follows when the existing run has ended or vanished meanwhile. */
const MOST_STARTS = 5;

/**
 * Starts a workflow, or joins the run with its id and the same content. The type argument names the workflow, so that its
 * arguments are checked.
 *
 * @throws Conflict the id belongs to a job with other content
 */
export async function startJob<W extends Workflow>(
  rpc: Rpc,
  { workflow, whenDone, whenFailed = 'anew', fingerprint: given, staticSummary, ...rest }: StartOf<W>,
): Promise<void> {
  requireDomain(workflow);
  const fingerprint = given ?? fingerprintOf(rpc, rest.args);
  const again = whenDone === 'keep' ? 'ALLOW_DUPLICATE_FAILED_ONLY' : 'ALLOW_DUPLICATE';
  let reuse: WorkflowStartOptions['workflowIdReusePolicy'] = whenFailed === 'go-on' ? 'REJECT_DUPLICATE' : again;
  for (let starts = 0; starts < MOST_STARTS; starts += 1) {
    // The spread of a generic parameter list hides from the compiler that these are the options of W.
    const options = {
      typedSearchAttributes: indexedAs({ task: workflow, root: rest.workflowId }),
      ...rest,
      staticSummary: staticSummary.slice(0, 200),
      taskQueue: queues.workflows,
      memo: { ...rest.memo, [FINGERPRINT_MEMO]: fingerprint.text },
      workflowIdConflictPolicy: 'FAIL',
      workflowIdReusePolicy: reuse,
    } as unknown as WorkflowStartOptions<W>;
    if (await started(rpc, rest.workflowId, (client) => client.workflow.start<W>(workflow, options))) return;
    const status = await requireSameContent(rpc, rest.workflowId, fingerprint);
    if (status === 'running' || (status === 'completed' && whenDone === 'keep')) return;
    reuse = again;
  }
}

/** Without its domain nobody would do the tasks of a job. */
function requireDomain(workflow: string): void {
  const lacked = lackedFor(workflow);
  if (lacked === undefined) return;
  const got = `a job of ${lacked}; add ${lacked}() to \`plugins\` in the configuration`;
  throw new InvalidInput([{ field: workflow, expected: 'a job of a domain that the application has', got }]);
}

/** Starts a workflow; returns false when a run with this id exists. */
export async function started(rpc: Rpc, id: string, start: (client: Client) => Promise<unknown>): Promise<boolean> {
  try {
    await rpc.call(id, start);
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

/**
 * Compares the content with that of the run with the id.
 *
 * @returns status of the run; `undefined` when it has vanished
 * @throws Conflict
 */
export async function requireSameContent(
  rpc: Rpc,
  id: string,
  fingerprint: Fingerprint,
): Promise<JobStatus | undefined> {
  try {
    const description = await rpc.call(id, (client) => client.workflow.getHandle(id).describe());
    const first = fingerprintIn(description);
    if (!isSame(fingerprint, first)) throw new Conflict(id, first, fingerprint.text);
    return statusOf(description);
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

/** The fingerprint that a run was started with; `undefined` where it was not started by this client. */
export function fingerprintIn({ memo }: Pick<WorkflowExecutionDescription, 'memo'>): string | undefined {
  const found: unknown = memo?.[FINGERPRINT_MEMO];
  return typeof found === 'string' ? found : undefined;
}
