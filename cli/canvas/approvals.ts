import type { Decider } from '../../client/index.ts';
import { withServices, type CliContext } from '../terminal/context.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { print, printable, printJson } from '../terminal/output.ts';

interface JsonOption {
  readonly json?: boolean;
}

/** `perennial canvas approvals`: lists the calls of a run that wait for a person. */
export function listApprovals(context: CliContext, id: string, { json = false }: JsonOption): Promise<number> {
  return withServices(context, async ({ client }) => {
    const approvals = await client.canvas.approvals(id);
    if (json) printJson(context, approvals);
    else
      for (const { path, message, until } of approvals)
        print(context, printable(`${path} ${until === null ? '' : `until ${until} `}${message}`.trim()));
    return exitCodes.ok;
  });
}

/** `perennial canvas approve` and `reject`: decides about one of these calls. */
export function decideApproval(
  context: CliContext,
  decision: 'approve' | 'reject',
  { id, path }: { readonly id: string; readonly path: string },
  { json = false, ...decider }: JsonOption & Decider,
): Promise<number> {
  return withServices(context, async ({ client }) => {
    const decided = await client.canvas[decision](id, path, decider);
    if (json) printJson(context, decided);
    else print(context, printable(`${decided.decision}: ${decided.path} by ${decided.by}`));
    return exitCodes.ok;
  });
}
