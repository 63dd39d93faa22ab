import type { KeptStep } from '../../contracts/dlq/steps.ts';
import type { RedriveRunsInput, RedriveRunsOutput } from '../../contracts/dlq/task-schemas.schema.ts';
import type { BlobStore } from '../../services/blobs/port.ts';

/** The ports of dead letters. */
export interface DeadLetterPorts {
  /** Returns the steps of one piece of what is kept of a run; `undefined` behind the last one. */
  readonly steps: (runId: string, piece: number) => Promise<readonly KeptStep[] | undefined>;
  readonly blobs: Pick<BlobStore, 'openRange'>;
  /** Starts the next runs of a redrive again. */
  readonly redriveRuns: (input: RedriveRunsInput, signal: AbortSignal) => Promise<RedriveRunsOutput>;
}
