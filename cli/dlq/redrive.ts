import type { RedrivePlan } from '../../client/index.ts';
import { starting, UsageError, withServices, type CliContext } from '../terminal/context.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { jsonArgument } from '../terminal/json.ts';
import { factsTable, note, print, printJson } from '../terminal/output.ts';
import { userName } from '../terminal/user-name.ts';
import { filterOf, type FilterOptions } from './commands.ts';
import { followRedrive } from './redrives.ts';

/** Options of `perennial dlq redrive`. */
export interface RedriveOptions extends FilterOptions {
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly input?: string;
  readonly quarantined?: boolean;
  readonly whole?: boolean;
  readonly rate: number;
  readonly limit?: number;
  readonly follow?: boolean;
  readonly reason?: string;
  readonly by?: string;
}

/** `perennial dlq redrive`: starts the run of one letter again, or the runs of many. */
export async function redrive(context: CliContext, id: string | undefined, options: RedriveOptions): Promise<number> {
  const { reason, by = userName() } = options;
  const resolving = { by, ...(reason === undefined ? {} : { reason }) };
  if (id === undefined) return redriveMany(context, options, resolving);
  if (options.dryRun) throw new UsageError('--dry-run: expected a filter or --all, got the id of one task.');
  const input = options.input === undefined ? {} : { input: await jsonArgument(context, options.input) };
  return withServices(context, async ({ client }) => {
    const redriven = await starting(client.dlq.redrive(id, { ...resolving, ...input, whole: options.whole }));
    if (options.json) printJson(context, redriven);
    else print(context, redriven.id);
    return exitCodes.ok;
  });
}

async function redriveMany(
  context: CliContext,
  { all = false, dryRun = false, quarantined = false, whole = false, ...options }: RedriveOptions,
  resolving: { readonly by: string; readonly reason?: string },
): Promise<number> {
  const filter = filterOf(options);
  if (options.input !== undefined) throw new UsageError('--input: expected the id of one task beside it, got none.');
  if (Object.keys(filter).length === 0 && !all)
    throw new UsageError('redrive: expected the id of a task, a filter such as --cause, or --all, got none of them.');
  const { rate: perSecond, limit, follow, json } = options;
  return withServices(context, async ({ client }) => {
    const which = { quarantined, whole, ...(limit === undefined ? {} : { limit }) };
    if (dryRun) {
      showPlan(context, await client.dlq.dryRun(filter, { ...which, signal: context.signal }), json);
      return exitCodes.ok;
    }
    const redrive = await starting(client.dlq.redriveAll(filter, { ...resolving, all, ...which, perSecond }));
    if (follow) return followRedrive(context, redrive, json);
    if (json) printJson(context, { id: redrive.id });
    else print(context, `Started ${redrive.id}\nWatch it with: perennial dlq redrives show ${redrive.id} --follow`);
    return exitCodes.ok;
  });
}

function showPlan(context: CliContext, plan: RedrivePlan, json = false): void {
  if (json) {
    printJson(context, plan);
    return;
  }
  const { letters, runs, causes, stepsKept, stepsAgain, quarantined } = plan;
  const steps = { 'steps kept': stepsKept, 'steps that run again': stepsAgain };
  print(context, factsTable({ letters, runs, causes, ...steps, 'in quarantine, left out': quarantined }));
  note(context, 'Nothing was started.');
}
