import type { ParkedDecided, ParkedDecider, ParkedJobs, ParkedRun } from '../../client/index.ts';
import type { ParkedStep } from '../../contracts/parked/vocabulary.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { type CliContext, withServices } from '../terminal/context.ts';
import { jsonArgument } from '../terminal/json.ts';
import { factsTable, print, printable, printJson, printList } from '../terminal/output.ts';
import { userName } from '../terminal/user-name.ts';

/** Options of `perennial parked list`. */
export interface ListOptions {
  readonly limit: number;
  readonly after?: string;
  readonly json?: boolean;
}

/** `perennial parked list`: shows the runs in which something waits. */
export function listParked(context: CliContext, { limit, after }: ListOptions): Promise<number> {
  return withServices(context, async ({ client }) => {
    const page = await client.parked.list({ limit, ...(after === undefined ? {} : { cursor: after }) });
    printList(context, {
      rows: page.items,
      page,
      head: ['run', 'name', 'waiting', 'path', 'until', 'reason'],
      cells: ({ id, name, waiting, steps: [first] }) => [
        id,
        name ?? '',
        String(waiting),
        first?.path ?? '',
        first?.until ?? '',
        first === undefined ? '' : shortened(`${first.failure.type}: ${first.failure.message}`),
      ],
      next: page.nextCursor,
    });
    return exitCodes.ok;
  });
}

const MESSAGE = 80;

function shortened(message: string): string {
  return message.length > MESSAGE ? `${message.slice(0, MESSAGE)}…` : message;
}

/** `perennial parked show`: shows what waits in one run, and what was decided. */
export function showParked(context: CliContext, id: string, { json = false }: { json?: boolean }): Promise<number> {
  return withServices(context, async ({ client }) => {
    const run = await client.parked.get(id);
    if (json) printJson(context, run);
    else show(context, run);
    return exitCodes.ok;
  });
}

function show(context: CliContext, { steps, decisions, ...facts }: ParkedRun): void {
  print(context, factsTable({ ...facts }));
  for (const step of steps) print(context, printable(`  ${parkedLine(step)}`));
  for (const { at, by, action, path, steps: count, reason } of decisions)
    print(
      context,
      printable(`  ${at} ${by}: ${action} ${path} (${String(count)})${reason === null ? '' : `: ${reason}`}`),
    );
}

/** Formats one step, for example `root/1 parked until …: samples.add: InvalidInput: …`. */
export function parkedLine({ path, task, until, failure }: ParkedStep): string {
  return `${path} parked until ${until}: ${task}: ${failure.type}: ${failure.message}`;
}

/** Options of `perennial parked retry`, `skip` and `abort`. */
export interface DecideOptions extends Pick<ParkedDecider, 'by' | 'reason'> {
  readonly input?: string;
  readonly value?: string;
  readonly json?: boolean;
}

/** `perennial parked retry`, `skip` and `abort`: decides about what waits at and below a path. */
export async function decideParked(
  context: CliContext,
  action: ParkedDecided['action'],
  { id, path }: { readonly id: string; readonly path: string | undefined },
  { input, value, by = userName(), reason, json = false }: DecideOptions,
): Promise<number> {
  const who = { path, by, reason };
  const again = input === undefined ? {} : { input: await jsonArgument(context, input) };
  const instead = value === undefined ? undefined : await jsonArgument(context, value, '--value');
  const send = {
    retry: (jobs) => jobs.retry(id, { ...who, ...again }),
    skip: (jobs) => jobs.skip(id, { ...who, value: instead }),
    abort: (jobs) => jobs.abort(id, who),
  } satisfies Readonly<Record<typeof action, (jobs: ParkedJobs) => Promise<ParkedDecided>>>;
  return withServices(context, async ({ client }) => {
    const decided = await send[action](client.parked);
    if (json) printJson(context, decided);
    else for (const one of decided.paths) print(context, printable(`${action}: ${one}`));
    return exitCodes.ok;
  });
}
