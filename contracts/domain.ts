/** What a domain contributes to the contracts that the workflow sandbox may load. */
import type { TaskDefinition } from './tasks/definition.ts';

/** A workflow that a canvas may run as one of its steps (`perennial.pipeline`). */
export interface PipelineDefinition<In, Out> {
  /** Returns the workflow id of a run from the id of the step; the rows and blobs of the run are stored under it. */
  readonly workflowId: (key: string) => string;
  /** Never set; it carries the types of input and output. */
  readonly types?: readonly [In, Out];
}

/** Binds the types of input and output to a pipeline. */
export function definePipeline<In, Out>(workflowId: (key: string) => string): PipelineDefinition<In, Out> {
  return { workflowId };
}

/** The contribution of one domain; `contracts/domains.ts` lists all of them. */
export interface DomainContract {
  /** The tasks, by the names of their functions: the row `documents.readDocument` has the key `readDocument`. */
  readonly tasks?: Readonly<Record<string, TaskDefinition<string, unknown, unknown>>>;
  /** Names of the workflows; each key equals its name. */
  readonly workflows?: Readonly<Record<string, string>>;
  /** Workflows that a canvas may run as a step, by name. */
  readonly pipelines?: Readonly<Record<string, PipelineDefinition<unknown, unknown>>>;
  /**
   * Names of fields whose text stands sealed in histories, in whatever input or result. Addresses and secrets are
   * sealed without being named.
   */
  readonly sealed?: readonly string[];
}
