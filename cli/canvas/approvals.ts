import type { Decider } from '../../client/index.ts';
import { withServices, type CliContext } from '../terminal/context.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { print, printable, printJson, printList } from '../terminal/output.ts';

interface JsonOption {
  readonly json?: boolean;
}

/** `perennial canvas approvals`: lists the calls of a run that wait for a person. */
export function listApprovals(context: CliContext, id: string): Promise<number> {
  return withServices(context, async ({ client }) => {
    printList(context, {
      rows: await client.canvas.approvals(id),
      head: ['path', 'until', 'message'],
      cells: ({ path, until, message }) => [path, until ?? '', message],
    });
    return exitCodes.ok;
  });
}

/** `perennial canvas approve` and `reject`: decides about one of these calls. */
export function decideApproval(
  context: CliContext,
  decision: 'approve' | 'reject',
  { id, path }: { readonly id: string; readonly path: string },
  { json = false, by, reason }: JsonOption & Pick<Decider, 'by'> & { readonly reason?: string },
): Promise<number> {
  return withServices(context, async ({ client }) => {
    const decided = await client.canvas[decision](id, path, { by, note: reason });
    if (json) printJson(context, decided);
    else print(context, printable(`${decided.decision}: ${decided.path} by ${decided.by}`));
    return exitCodes.ok;
  });
}
