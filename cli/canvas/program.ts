/** The commands of canvases: their names, options and help. */
import { type Command, Option } from 'commander';
import type { CanvasOptions, ConformanceOptions } from './commands.ts';
import type { StartOptions } from './named.ts';
import type { TreeOptions } from './runs.ts';
import type { CliDomain } from '../domain.ts';
import type { CliContext, Run } from '../terminal/context.ts';
import { number } from '../terminal/numbers.ts';
import { jsonFlag, onFailureOption, outputForm, parkedForOption, reasonOption, waitFlag } from '../terminal/options.ts';

/** Adds `perennial canvas …` and `perennial conformance`. */
export const canvas: CliDomain = {
  addCommands(program, context, run) {
    const group = program.command('canvas').description('compositions of tasks: start, watch, stop, repeat');
    group
      .command('run')
      .description("start a composition in a file, as Celery's JSON")
      .argument('<file>', 'a signature: chain, group, chord, map, starmap, chunks or one task')
      .addOption(waitFlag())
      .option('--id <id>', 'name of the run; the same name is the same run')
      .addOption(onFailureOption())
      .addOption(parkedForOption())
      .addOption(outputForm())
      .addOption(jsonFlag())
      .action((file: string, options: CanvasOptions) =>
        run(import('./commands.ts').then(({ runCanvasFile }) => runCanvasFile(context, file, options))),
      );
    addNamed(group, context, run);
    addRuns(group, context, run);
    addApprovals(group, context, run);
    program
      .command('conformance')
      .description('run canvas cases on the running stack and print what came of them as JSON')
      .argument('<file>', 'cases, as docs/canvas.md describes them')
      .option('--json', 'print JSON, which it does anyway')
      .option('--local', 'run them in this process instead')
      .option('--concurrency <n>', 'cases at once; default 16')
      .option('--only <ids>', 'these cases, separated by commas')
      .action((file: string, options: ConformanceOptions) =>
        run(import('./commands.ts').then(({ conformance }) => conformance(context, file, options))),
      );
  },
};

function addNamed(canvas: Command, context: CliContext, run: Run): void {
  canvas
    .command('names')
    .description('canvases of the application that can be started by name')
    .addOption(outputForm())
    .addOption(jsonFlag())
    .action(() => run(import('./named.ts').then(({ canvasNames }) => canvasNames(context))));
  canvas
    .command('start')
    .description('start a canvas of the application by its name')
    .argument('<name>', 'for example text.totalOf, as `canvas names` prints it')
    .option('--input <json>', 'its input as JSON, or @file', '{}')
    .option('--id <id>', 'name of the run; the same name is the same run')
    .option('--tenant <tenant>', 'on whose behalf')
    .addOption(onFailureOption())
    .addOption(parkedForOption())
    .addOption(waitFlag())
    .addOption(outputForm())
    .addOption(jsonFlag())
    .action((name: string, options: StartOptions) =>
      run(import('./named.ts').then(({ startNamed }) => startNamed(context, name, options))),
    );
}

function addRuns(canvas: Command, context: CliContext, run: Run): void {
  const ofRun = (name: string, description: string): Command =>
    canvas
      .command(name)
      .description(description)
      .argument('<id>', 'name or workflow id of a run')
      .addOption(outputForm())
      .addOption(jsonFlag());
  const count = (flags: string, text: string): Option => new Option(flags, text).argParser(number);
  ofRun('status', 'how far a run is, and which calls failed').action((id: string, options: { json?: boolean }) =>
    run(import('./runs.ts').then(({ canvasStatus }) => canvasStatus(context, id, options))),
  );
  canvas
    .command('result')
    .description('wait for the end of a run and print its result, as JSON')
    .argument('<id>', 'name or workflow id of a run')
    .action((id: string) => run(import('./commands.ts').then(({ canvasResult }) => canvasResult(context, id))));
  ofRun('tree', 'each call of a run: state, attempts, wait in the queue, run time')
    .option('--path <path>', 'from this node on, for example root/2/header/0')
    .addOption(count('--depth <n>', 'levels below the node; default 3'))
    .addOption(count('--after <n>', 'leave out so many of its children'))
    .addOption(count('--limit <n>', 'at most so many nodes; default 200'))
    .action((id: string, options: TreeOptions) =>
      run(import('./runs.ts').then(({ canvasTree }) => canvasTree(context, id, options))),
    );
  ofRun('cancel', 'stop a run; what runs is told to stop').action((id: string, options: { json?: boolean }) =>
    run(import('./runs.ts').then(({ cancelCanvas }) => cancelCanvas(context, id, options))),
  );
  ofRun('revoke', 'stop the calls at and below a path; the rest of the run continues')
    .argument('<path>', 'for example root/2/header/0, as tree shows it')
    .action((id: string, path: string, options: { json?: boolean }) =>
      run(import('./runs.ts').then(({ revokeCalls }) => revokeCalls(context, id, path, options))),
    );
  ofRun('retry', 'run the failed members of a run again, and what could not run because of them')
    .addOption(waitFlag())
    .action((id: string, options: { json?: boolean; wait?: boolean }) =>
      run(import('./runs.ts').then(({ retryCanvas }) => retryCanvas(context, id, options))),
    );
}

function addApprovals(canvas: Command, context: CliContext, run: Run): void {
  canvas
    .command('approvals')
    .description('steps of a run that wait for a person')
    .argument('<id>', 'name or workflow id of a run')
    .addOption(outputForm())
    .addOption(jsonFlag())
    .action((id: string) => run(import('./approvals.ts').then(({ listApprovals }) => listApprovals(context, id))));
  for (const decision of ['approve', 'reject'] as const)
    canvas
      .command(decision)
      .description(decision === 'approve' ? 'let a step go on' : 'refuse a step')
      .argument('<id>', 'name or workflow id of a run')
      .argument('<path>', 'where the step stands, as `canvas approvals` prints it')
      .requiredOption('--by <name>', 'who decides: a name or an address')
      .addOption(reasonOption())
      .addOption(outputForm())
      .addOption(jsonFlag())
      .action((id: string, path: string, options: { json?: boolean; by: string; reason?: string }) =>
        run(
          import('./approvals.ts').then(({ decideApproval }) =>
            decideApproval(context, decision, { id, path }, options),
          ),
        ),
      );
}
