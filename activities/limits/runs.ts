/** Accesses the runs that hold places: wakes them, and tells whether they are alive. */
import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/common';
import { limitSignals } from '../../contracts/limits/vocabulary.ts';

/** Runs by the name under which they hold places: workflow id, `#`, id of the first run. */
export interface Runs {
  /** Signals a run that it has a place now; does nothing for a run that has ended. */
  wake(holder: string, key: string): Promise<void>;
  hasEnded(holder: string): Promise<boolean>;
}

/** Accesses runs on the server of the calling activity. */
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
  // The handle has no run id, because a run that continued as new is the same holder.
  return Context.current().client.workflow.getHandle(workflowId);
}
