import type { PriorityScale } from '../../contracts/canvas/vocabulary.ts';
import type { PackedTasks } from '../../contracts/tasks/packs.ts';
import type { BegunPipeline } from '../../contracts/dlq/steps.ts';
import type { CanvasKnown } from '../../contracts/canvas/views.ts';
import type { CanvasCall } from '../../canvas/engine/engine.ts';
import type { Signature } from '../../canvas/signature/signature.ts';
import type { DetachedCanvas } from '../../canvas/splitting/detached.ts';
import type { CanvasPart, PartReply } from '../../canvas/splitting/parts.ts';
import type { PartTally } from '../../canvas/watching/tracker.ts';

/** What holds for all calls of a run. */
export interface RunFacts {
  readonly tenant?: string | undefined;
  /** @defaultValue perennial */
  readonly priorityScale?: PriorityScale | undefined;
  /** Tasks whose calls may share an activity. @defaultValue none */
  readonly packed?: PackedTasks | undefined;
  /** Calls that one run makes itself; a node that weighs more is run in parts. @defaultValue 1,000 */
  readonly weight?: number | undefined;
  /** Outcomes of the run that this one repeats. */
  readonly known?: readonly CanvasKnown[] | undefined;
  /** Pipelines that this run had begun and that have not succeeded. */
  readonly pipelines?: readonly BegunPipeline[] | undefined;
  /** Paths that were revoked before a part began. */
  readonly revoked?: readonly string[] | undefined;
  /** How long failed calls wait for a person, in milliseconds. @defaultValue they fail at once */
  readonly parkMs?: number | undefined;
}

/** What a canvas run is started with. */
export interface RunCanvasInput extends CanvasCall, Repeated, RunFacts {
  readonly canvas: Signature;
}

/** The workflow `runCanvas` as those see it who start it as a child. */
export type RunCanvas = (input: RunCanvasInput) => Promise<unknown>;

/** What a part is run with: a piece that its run waits for, or canvases that nobody waits for. */
export type RunCanvasPartInput = RunFacts &
  ({ readonly part: CanvasPart } | { readonly detached: readonly DetachedCanvas[] });

/** The workflow `runCanvasPart` as the run sees it. */
export type RunCanvasPart = (input: RunCanvasPartInput) => Promise<PartEnd>;

/** How a part ends. */
export interface PartEnd {
  /** `null` where it was told already, and for canvases that nobody waits for. */
  readonly reply: PartReply | null;
  readonly tally: PartTally;
}

/** What a run knows of the one whose failed members it runs again. */
export interface Repeated {
  readonly retryOf?: string | undefined;
  readonly known?: readonly CanvasKnown[] | undefined;
}
