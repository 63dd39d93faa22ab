/** Workflows of all domains that a canvas may run as one of its steps, by name (`perennial.pipeline`). */
import type { DomainContract, PipelineDefinition } from '../domain.ts';
import * as domains from '../domains.ts';

type Tables = {
  [D in keyof typeof domains]: (typeof domains)[D] extends { readonly pipelines: infer Table } ? Table : never;
}[keyof typeof domains];

/** Name of a pipeline, which is the name of its workflow. */
export type CanvasPipeline = Tables extends infer Table ? (Table extends unknown ? keyof Table : never) : never;

type DefinitionOf<Name, Table = Tables> = Table extends unknown ? Table[Name & keyof Table] : never;

/** Input and output type of each pipeline; the output is `unknown` where `contracts/` does not define it. */
export type PipelineTypes = {
  readonly [Name in CanvasPipeline]: DefinitionOf<Name> extends PipelineDefinition<infer In, infer Out>
    ? readonly [In, Out]
    : never;
};

const pipelines = Object.assign(
  {},
  ...Object.values<DomainContract>(domains).map((domain) => domain.pipelines ?? {}),
) as Readonly<Record<CanvasPipeline, PipelineDefinition<unknown, unknown>>>; // Object.assign forgets the types

/** Names of all pipelines. */
export const CANVAS_PIPELINES: readonly string[] = Object.keys(pipelines).sort();

/** Tells whether a canvas may run the workflow of that name. */
export function isCanvasPipeline(name: unknown): name is CanvasPipeline {
  return typeof name === 'string' && Object.hasOwn(pipelines, name);
}

/** Returns the workflow id of a pipeline that a step runs; `key` is the id of the step. */
export function pipelineWorkflowId(name: CanvasPipeline, key: string): string {
  return pipelines[name].workflowId(key);
}
