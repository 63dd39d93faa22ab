/** The vocabulary of canvases: the workflow that runs them, its ids and its limits. */

/** Names of the workflows: `runCanvas` is started by callers, also by the `temporal` command; parts by runs. */
export const canvasWorkflows = { runCanvas: 'runCanvas', runCanvasPart: 'runCanvasPart' } as const;

/** What a run can be asked, also once it is over, and told. */
export const canvasMessages = {
  progress: 'progress',
  tree: 'tree',
  /** Several nodes at once. */
  nodes: 'nodes',
  failedMembers: 'failedMembers',
  outcomes: 'outcomes',
  /** The one update: stops the calls below a path. */
  revoke: 'revoke',
} as const;

/** What a part tells its run when its nodes have ended, while what they have started still goes on. */
export const PART_ENDED = 'partEnded';

/** Folder of the blob store that holds large payloads of histories. */
export const PAYLOADS_FOLDER = 'payloads';

/** The id of a canvas run with a name: the same name is the same run (IDEM-4). */
export function canvasWorkflowId(name: string): string {
  return `canvas:${name}`;
}

/**
 * What the numbers of `priority` mean. `perennial` is 1 to 10 with 10 first;
 * Celery's 0 to 9 has 9 first on RabbitMQ, and 0 first on Redis (P3-01).
 */
export const PRIORITY_SCALES = ['perennial', 'rabbitmq', 'redis'] as const;

/** One of {@link PRIORITY_SCALES}. */
export type PriorityScale = (typeof PRIORITY_SCALES)[number];
