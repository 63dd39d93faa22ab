/** `perennial chaos`: loads the development tool, and prints what it found. */
import type * as chaosRun from '../../stack/chaos/run.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { moduleBeside } from '../../contracts/values/modules.ts';
import type { CliContext } from '../terminal/context.ts';
import { note, print, printJson } from '../terminal/output.ts';

/** Options of `perennial chaos`. */
export interface ChaosCommandOptions {
  readonly minutes: number;
  readonly jobs: number;
  readonly seed?: number;
}

/** Seeds that are chosen are short enough to be typed again. */
const SEEDS = 100_000;

/** Runs chaos; the exit code is 1 when anything was lost or duplicated. */
export async function chaos(
  context: CliContext,
  { minutes, jobs, seed = Math.floor(Math.random() * SEEDS) }: ChaosCommandOptions,
): Promise<number> {
  // The stack is loaded by its path, so that a command line without its packages has all other commands.
  const { href } = moduleBeside(import.meta.url, '../../stack/chaos/run');
  const { isClean, runChaos } = (await import(href)) as typeof chaosRun; // the module at that path
  const { env, signal } = context;
  const tell = (line: string): void => note(context, line);
  const report = await runChaos({ minutes, jobs, seed, env, tell, signal });
  if (context.form === 'table') printReport(context, report);
  else printJson(context, report);
  if (signal.aborted) return exitCodes.interrupted;
  return isClean(report) ? exitCodes.ok : exitCodes.failed;
}

/** Most findings of a sort that are named. */
const NAMED = 20;

function printReport(context: CliContext, report: chaosRun.ChaosReport): void {
  const { accepted, completed, deadLettered, duplicated, lost, refused, differences } = report;
  print(context, `seed ${report.seed}, ${report.faults} faults`);
  print(context, `  accepted            ${accepted}`);
  print(context, `  completed           ${completed}`);
  print(context, `  dead-lettered       ${deadLettered}`);
  print(context, `  duplicated effects  ${duplicated.length}`);
  print(context, `  lost                ${lost.length}`);
  print(context, `  not accepted        ${refused.length}`);
  print(context, `  audit differences   ${differences.length}`);
  print(context, `  mails handed over again under the same Message-ID  ${report.handedOverAgain}`);
  print(context, `  processes that ended by themselves  ${report.endedByThemselves.length}`);
  const findings = [
    ...duplicated.map((effect) => `duplicated: ${effect}`),
    ...lost.map(({ id, missing }) => `lost: ${id}, without ${missing.slice(0, 3).join(', ')}`),
    ...report.endedByThemselves.map((end) => `ended by itself: ${end}`),
    ...refused.map((reason) => `not accepted: ${reason}`),
    ...differences.map(({ kind, id, detail }) => `audit: ${kind} ${id}: ${detail}`),
  ];
  for (const finding of findings.slice(0, NAMED)) print(context, finding);
  if (findings.length > NAMED) print(context, `… and ${findings.length - NAMED} more`);
  if (report.kept !== undefined) print(context, `Logs and data are kept in ${report.kept}`);
}
