import type { RedriveReport } from '../../client/index.ts';
import { starting, UsageError, withServices, type CliContext } from '../terminal/context.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { jsonArgument } from '../terminal/json.ts';
import { factsTable, note, print, printJson } from '../terminal/output.ts';
import { userName } from '../terminal/user-name.ts';
import { filterOf, type FilterOptions } from './commands.ts';

/** Options of `perennial dlq redrive`. */
export interface RedriveOptions extends FilterOptions {
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly input?: string;
  readonly quarantined?: boolean;
  readonly whole?: boolean;
  readonly rate: number;
  readonly limit: number;
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
  options: RedriveOptions,
  resolving: { readonly by: string; readonly reason?: string },
): Promise<number> {
  const filter = filterOf(options);
  if (options.input !== undefined) throw new UsageError('--input: expected the id of one task beside it, got none.');
  if (Object.keys(filter).length === 0 && !options.all)
    throw new UsageError('redrive: expected the id of a task, a filter such as --cause, or --all, got none of them.');
  return withServices(context, async ({ client }) => {
    const { all = false, dryRun = false, quarantined = false, whole = false, rate: perSecond, limit } = options;
    const given = { ...resolving, all, dryRun, quarantined, whole, perSecond, limit, signal: context.signal };
    const report = await client.dlq.redriveAll(filter, given);
    if (options.json) printJson(context, report);
    else show(context, report);
    return report.notStarted.length > 0 ? exitCodes.failed : exitCodes.ok;
  });
}

function show(context: CliContext, report: RedriveReport): void {
  const { dryRun, letters, runs, causes, stepsKept, stepsAgain, quarantined, started, notStarted } = report;
  print(
    context,
    factsTable({
      letters,
      runs,
      causes,
      'steps kept': stepsKept,
      'steps that run again': stepsAgain,
      'in quarantine, left out': quarantined,
      ...(dryRun ? {} : { started: started.length, 'not started': notStarted.length }),
    }),
  );
  for (const { workflowId, reason } of notStarted) note(context, `${workflowId}: ${reason}`);
  if (dryRun) note(context, 'Nothing was started.');
}
