/** The vocabulary of canvases: the workflow that runs them, its ids and its limits. */

/** Names of the workflows. Callers, including the `temporal` command, start `runCanvas`; runs start their parts. */
export const canvasWorkflows = { runCanvas: 'runCanvas', runCanvasPart: 'runCanvasPart' } as const;

/** Queries, signals and the update that a run handles. Queries also work after the run has ended. */
export const canvasMessages = {
  progress: 'progress',
  tree: 'tree',
  /** Query for several nodes. */
  nodes: 'nodes',
  failedMembers: 'failedMembers',
  outcomes: 'outcomes',
  /** Query for one call by its id. */
  member: 'member',
  /** Update that stops the calls at and below a path. */
  revoke: 'revoke',
} as const;

/** Signal of a part to its run: its nodes have ended, but work that they started is still running. */
export const PART_ENDED = 'partEnded';

/** Folder of the blob store for large payloads of histories. */
export const PAYLOADS_FOLDER = 'payloads';

/** Returns the workflow id of a named run, so that the same name is the same run. */
export function canvasWorkflowId(name: string): string {
  return `canvas:${name}`;
}

/**
 * Scales of `priority`. `perennial` is 1 to 10 with 10 first; Celery's 0 to 9 has 9 first on RabbitMQ and 0 first on Redis.
 */
export const PRIORITY_SCALES = ['perennial', 'rabbitmq', 'redis'] as const;

/** One of {@link PRIORITY_SCALES}. */
export type PriorityScale = (typeof PRIORITY_SCALES)[number];
