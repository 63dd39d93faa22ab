import type { Redrive, RedriveHandle } from '../../client/index.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { type CliContext, withServices } from '../terminal/context.ts';
import { factsTable, note, print, printJson, printList } from '../terminal/output.ts';
import { userName } from '../terminal/user-name.ts';

/** Options of `perennial dlq redrives list`. */
export interface RedrivesOptions {
  readonly limit: number;
  readonly after?: string;
}

/** `perennial dlq redrives list`: shows redrives of many letters. */
export function listRedrives(context: CliContext, { limit, after: cursor }: RedrivesOptions): Promise<number> {
  return withServices(context, async ({ client }) => {
    const page = await client.dlq.redrives({ limit, ...(cursor === undefined ? {} : { cursor }) });
    printList(context, {
      rows: page.items,
      page,
      head: ['id', 'state', 'started', 'by', 'filter', 'done', 'left', 'failed', 'reason'],
      cells: ({ id, state, startedAt, by, filter, done, left, failed, reason }) => [
        id,
        state,
        startedAt,
        by,
        textOf(filter),
        String(done),
        String(left ?? ''),
        String(failed),
        reason ?? '',
      ],
      next: page.nextCursor,
    });
    return exitCodes.ok;
  });
}

function textOf(filter: Redrive['filter']): string {
  const text = Object.entries(filter).map(([name, value]) => `${name}=${value}`);
  return text.length === 0 ? 'all' : text.join(' ');
}

/** Options of `perennial dlq redrives show`. */
export interface RedriveViewOptions {
  readonly follow?: boolean;
  readonly json?: boolean;
}

/** `perennial dlq redrives show`: shows one, and waits for its end when that is asked for. */
export function showRedrive(context: CliContext, id: string, { follow, json }: RedriveViewOptions): Promise<number> {
  return withServices(context, async ({ client }) => {
    const redrive = client.dlq.getRedrive(id);
    if (follow) return followRedrive(context, redrive, json);
    show(context, await redrive.show(), json);
    return exitCodes.ok;
  });
}

/** Shows the progress of a redrive until it ends; Ctrl-C stops the showing alone. */
export async function followRedrive(context: CliContext, redrive: RedriveHandle, json = false): Promise<number> {
  for await (const { state, done, left, failed } of redrive.follow({ signal: context.signal }))
    note(context, `${state}: ${String(done)} done, ${String(left ?? '?')} left, ${String(failed)} failed`);
  if (context.signal.aborted) {
    note(context, `The redrive goes on. Stop it with: perennial dlq redrives abort ${redrive.id}`);
    return exitCodes.interrupted;
  }
  const ended = await redrive.show();
  show(context, ended, json);
  return ended.state === 'finished' && ended.failed === 0 ? exitCodes.ok : exitCodes.failed;
}

/** `perennial dlq redrives pause`, `resume` and `abort`: steers one. */
export function steerRedrive(
  context: CliContext,
  verb: 'pause' | 'resume' | 'abort',
  id: string,
  { by = userName() }: { readonly by?: string },
): Promise<number> {
  return withServices(context, async ({ client }) => {
    await client.dlq.getRedrive(id)[verb](by);
    return exitCodes.ok;
  });
}

function show(context: CliContext, redrive: Redrive, json = false): void {
  if (json) {
    printJson(context, redrive);
    return;
  }
  const { filter, reasons, interventions, perSecond, ...facts } = redrive;
  print(context, factsTable({ ...facts, filter: textOf(filter), 'runs a second': perSecond }));
  for (const { workflowId, reason } of reasons) note(context, `${workflowId}: ${reason}`);
  for (const { what, by, at } of interventions) note(context, `${at} ${what} by ${by}`);
}
