import type { KeptStep } from '../../contracts/dlq/steps.ts';
import type { ReadStepsInput, RedriveRunsInput, RedriveRunsOutput } from '../../contracts/dlq/task-schemas.schema.ts';
import type { BlobStore } from '../../services/blobs/port.ts';

/** The ports of dead letters. */
export interface DeadLetterPorts {
  /** Returns the steps of one piece of what a run has done; `undefined` behind the last one. */
  readonly steps: (run: Omit<ReadStepsInput, 'piece'>, piece: number) => Promise<readonly KeptStep[] | undefined>;
  readonly blobs: Pick<BlobStore, 'openRange'>;
  /** Starts the next runs of a redrive again. */
  readonly redriveRuns: (input: RedriveRunsInput, signal: AbortSignal) => Promise<RedriveRunsOutput>;
}
