/** Redrives one failed run, whoever else tries it at the same time. */
import type { Claiming } from '../../services/dlq/port.ts';
import type { ClientContext } from '../domain.ts';
import { restart, type RestartOptions } from './restart.ts';
import type { DeadLetter, DeadLetterRecords, Redriven } from './types.ts';

/**
 * Redrives the run of a letter: takes its letters, starts the run again and closes them. The id of the new run follows
 * from the old one, so that a process that dies in between has started nothing that another one would start again.
 *
 * @returns `undefined` when somebody else has taken the letters
 * @throws what the start throws; the letters stay open, with the reason
 */
export async function redriveRun(
  context: Pick<ClientContext, 'rpc' | 'gate'>,
  records: DeadLetterRecords,
  letter: DeadLetter,
  claiming: Claiming,
  options: RestartOptions = {},
): Promise<Redriven | undefined> {
  const { runId, workflowId } = letter;
  if (!(await records.claim(runId, claiming))) return undefined;
  try {
    const repeatedBy = await restart(context, records, letter, options);
    await records.redriven(runId, repeatedBy, claiming);
    return { workflowId, id: repeatedBy.workflowId };
  } catch (error) {
    await records.release(runId, reasonOf(error), claiming);
    throw error;
  }
}

/** Why a run could not be started again. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 1_000);
}
