/** Lists the runs in which failed steps wait, from the index of the server. */
import { PARKED_TAG } from '../../contracts/parked/vocabulary.ts';
import { searchAttributes } from '../../contracts/tasks/calls.ts';
import { whileThere } from '../canvas/part-runs.ts';
import { pageOfRuns } from '../tasks/run-pages.ts';
import type { Rpc } from '../connection/rpc.ts';
import { parkedIn } from './look.ts';
import type { ParkedPage, ParkedRun } from './types.ts';

/** Runs that are asked at once. */
const ASKED_AT_ONCE = 20;

const QUERY = `${searchAttributes.tags} = '${PARKED_TAG}' AND ExecutionStatus = 'Running'`;

/** Returns one page. @throws InvalidInput the cursor is none that a page gave */
export async function listParked(
  rpc: Rpc,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<ParkedPage> {
  const { runs, nextCursor } = await pageOfRuns(rpc, QUERY, { limit, cursor });
  const items: ParkedRun[] = [];
  for (let at = 0; at < runs.length; at += ASKED_AT_ONCE) {
    const asked = runs.slice(at, at + ASKED_AT_ONCE).map(async ({ workflowId, runId, name, tenant }) => {
      // A run may have ended since the index was written, and its history may be gone.
      const view = await whileThere(() => parkedIn(rpc, { workflowId, runId }));
      return view === undefined || view.waiting === 0 ? [] : [{ id: workflowId, name, tenant, ...view }];
    });
    items.push(...(await Promise.all(asked)).flat());
  }
  return { items, nextCursor };
}
