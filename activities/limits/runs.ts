/** What the bookkeeping of limits asks of runs: to wake them, and whether they still live. */
import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/common';
import { limitSignals } from '../../contracts/limits/vocabulary.ts';

/** Runs by the name under which they hold places: workflow id, `#`, id of the first run. */
export interface Runs {
  /** Tells a run that it has a place now; silent about runs that are over. */
  wake(holder: string, key: string): Promise<void>;
  hasEnded(holder: string): Promise<boolean>;
}

/** Runs of the server that the calling activity works for. */
export const serverRuns: Runs = {
  wake: async (holder, key) => {
    try {
      await handleOf(holder).signal(limitSignals.granted, key);
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  },
  hasEnded: async (holder) => {
    try {
      const { status } = await handleOf(holder).describe();
      return status.name !== 'RUNNING';
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return true;
      throw error;
    }
  },
};

function handleOf(holder: string): ReturnType<Context['client']['workflow']['getHandle']> {
  const workflowId = holder.slice(0, holder.lastIndexOf('#'));
  // No run id: a run that continued as new is still the same holder.
  return Context.current().client.workflow.getHandle(workflowId);
}
