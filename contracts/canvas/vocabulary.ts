/** The vocabulary of canvases: the workflow that runs them, its ids and its limits. */

/** Names of the workflows: `runCanvas` is started by callers, also by the `temporal` command; parts by runs. */
export const canvasWorkflows = { runCanvas: 'runCanvas', runCanvasPart: 'runCanvasPart' } as const;

/**
 * The rules by which runs that begin now are interpreted; they stand in the
 * input of a run, so that it replays as it began. Since 2 as many calls are under
 * way as their length asks for, and the body of a chord may travel with its header. Since 3 packs are called back
 * that hold what was revoked or is not wanted any more, and two parts are under way instead of four where calls do not
 * share activities; where they do, fewer and larger packs are sent at first.
 */
export const CANVAS_RULES = 3;

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
