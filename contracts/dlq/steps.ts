/** How a run that is redriven finds what the run before it has done: the same words for workflows and for what reads histories. */

/** Name of the memo field of a run that repeats a failed one; the Web UI shows it. */
export const REDRIVE_MEMO = 'redrive';

/** Where a run that repeats another comes from. */
export interface RedriveOrigin {
  /** Id of the run that failed. */
  readonly of: string;
  /** Its workflow id, where what it has done may be read from its history alone. */
  readonly workflowId?: string | undefined;
  /** Whether the results of its steps are taken over. */
  readonly keeps: boolean;
  /** Id of the first run of all, to which rows and files belong. */
  readonly firstRunId: string;
  /** ISO time for which the first run was started. */
  readonly dueAt: string;
}

/** What the memo of a run says about the run that it repeats; `undefined` where it repeats none. */
export function originIn(memo: unknown): RedriveOrigin | undefined {
  const isOrigin = typeof memo === 'object' && memo !== null && 'of' in memo && 'firstRunId' in memo;
  return isOrigin ? (memo as RedriveOrigin) : undefined; // nobody else writes it
}

/** Name of the memo field of a pipeline that a canvas runs. */
export const PIPELINE_MEMO = 'pipeline';

/** What this field holds. */
export interface PipelineStep {
  /** Path of the step in the canvas. */
  readonly path: string;
  /** ISO time at which the step began for the first time. */
  readonly dueAt: string;
}

/** What the memo of a run says about the step of a canvas that it is; `undefined` where it is none. */
export function pipelineIn(memo: unknown): PipelineStep | undefined {
  return typeof memo === 'object' && memo !== null && 'path' in memo ? (memo as PipelineStep) : undefined; // nobody else writes it
}

/** A pipeline of a canvas that had begun and has not succeeded: it goes on under its id, to which its rows belong. */
export interface BegunPipeline {
  /** Path of the step in the canvas. */
  readonly path: string;
  readonly workflowId: string;
  readonly origin: RedriveOrigin;
  /** What it begins with, where it had continued as new: the input of the part that failed. */
  readonly args?: unknown[] | undefined;
}

/** A step that need not run again, or of which parts need not. */
export interface KeptStep {
  /** {@link StepKeys} */
  readonly key: string;
  /** What it gave; absent for nothing. */
  readonly value?: unknown;
  /** A child that had failed: it runs again, and keeps what it has done. */
  readonly child?: RedriveOrigin | undefined;
  /** What the child begins with, where it had continued as new: the input of the part that failed. */
  readonly args?: unknown[] | undefined;
}

/** What a step is: a task, or a workflow that the run starts. */
export type StepKind = 'task' | 'child';

/**
 * Names the steps of one run. A step is found again by its name, what it is given, and how often the same was asked for
 * before, so that nothing depends on the order in which steps of a group begin.
 */
export class StepKeys {
  readonly #counts = new Map<string, number>();

  /** Counts the step and returns its key. */
  next(kind: StepKind, type: string, args: readonly unknown[]): string {
    const what = `${kind} ${type} ${checksum(JSON.stringify(args))}`;
    const count = (this.#counts.get(what) ?? 0) + 1;
    this.#counts.set(what, count);
    return `${what} ${count}`;
  }
}

/** Two checksums of 53 bits and the length: the sandbox has no cryptography, and nobody gains by an input that is taken for another. */
function checksum(text: string): string {
  return `${halfOf(text, 0)}${halfOf(text, 1)}${text.length.toString(36)}`;
}

/** The hash that is known as cyrb53, with a seed. */
function halfOf(text: string, seed: number): string {
  let [one, two] = [0xdeadbeef ^ seed, 0x41c6ce57 ^ seed];
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    one = Math.imul(one ^ unit, 2654435761);
    two = Math.imul(two ^ unit, 1597334677);
  }
  one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(two ^ (two >>> 13), 3266489909);
  two = Math.imul(two ^ (two >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
  return (4294967296 * (2097151 & two) + (one >>> 0)).toString(36);
}
