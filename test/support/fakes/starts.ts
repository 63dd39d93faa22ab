/** The few calls of a Temporal client that starting a job needs. */
import { type Client, WorkflowExecutionAlreadyStartedError, type WorkflowStartOptions } from '@temporalio/client';
import { createRpc, type Rpc } from '../../../client/connection/rpc.ts';

/** A workflow that was started. */
export interface Started {
  readonly workflow: string;
  readonly options: WorkflowStartOptions;
}

/** What was started, and what a start ends with. */
export interface FakeStarts {
  readonly started: Started[];
  /** Thrown instead of the next starts. */
  failStart?: Error | undefined;
}

/** A connection that notes what is started; `more` are further calls of the client's `workflow`. */
export function rpcOver(server: FakeStarts, more: object = {}): Rpc {
  const client = {
    withDeadline: (_deadline: number, run: () => unknown) => run(),
    withAbortSignal: (_signal: AbortSignal, run: () => unknown) => run(),
    workflow: {
      start: (workflow: string, options: WorkflowStartOptions) => {
        if (server.failStart !== undefined) return Promise.reject(server.failStart);
        const { workflowId, workflowIdReusePolicy: reuse } = options;
        // Every run is done at once, and done well.
        if (reuse !== 'ALLOW_DUPLICATE' && server.started.some(({ options: { workflowId: id } }) => id === workflowId))
          return Promise.reject(new WorkflowExecutionAlreadyStartedError('done', workflowId, workflow));
        server.started.push({ workflow, options });
        return Promise.resolve();
      },
      getHandle: (id: string) => ({
        describe: () => {
          const memo = server.started.find(({ options }) => options.workflowId === id)?.options.memo;
          return Promise.resolve({ status: { name: 'COMPLETED' }, memo });
        },
      }),
      ...more,
    },
  };
  return createRpc(client as unknown as Client, 'localhost:1', 1000); // the part of it that is used
}
