/** The commands of compositions: their names, options and help. */
import type { Command } from 'commander';
import { type CanvasOptions, conformance, type ConformanceOptions, runCanvasFile } from './commands/canvas.ts';
import type { CliContext, Run } from './context.ts';

/** Adds `perennial canvas run` and `perennial conformance`. */
export function addCanvas(program: Command, context: CliContext, run: Run): void {
  program
    .command('canvas')
    .description('compositions of tasks')
    .command('run')
    .description("start a composition in a file, as Celery's JSON")
    .argument('<file>', 'a signature: chain, group, chord, map, starmap, chunks or one task')
    .option('--wait', 'wait for the end and print the result')
    .option('--id <id>', 'name of the run; the same name is the same run')
    .option('--json', 'print JSON')
    .action((file: string, options: CanvasOptions) => run(runCanvasFile(context, file, options)));
  program
    .command('conformance')
    .description('run canvas cases on the running stack and print what came of them as JSON')
    .argument('<file>', 'cases, as docs/canvas.md describes them')
    .option('--json', 'print JSON, which it does anyway')
    .option('--local', 'run them in this process instead')
    .option('--concurrency <n>', 'cases at once; default 16')
    .option('--only <ids>', 'these cases, separated by commas')
    .action((file: string, options: ConformanceOptions) => run(conformance(context, file, options)));
}
