/** The commands for an application of one's own: make it, write it, run it. */
import { Option } from 'commander';
import { moduleBeside } from '../../contracts/values/modules.ts';
import type { CliDomain } from '../domain.ts';
import { number, wholeNumber } from '../terminal/numbers.ts';
import { jsonFlag, outputForm } from '../terminal/options.ts';
import type { ChaosCommandOptions } from './chaos.ts';

/**
 * Runs a program of the product in this process; it ends the process itself.
 *
 * @param variables - options, as the program reads them from the environment
 */
async function runProgram(name: string, variables: Readonly<Record<string, string>> = {}): Promise<number> {
  Object.assign(process.env, variables);
  await import(moduleBeside(import.meta.url, `../../${name}`).href);
  // The program goes on, and exits when it is told to.
  return new Promise<number>(() => undefined);
}

/** Adds `perennial init`, `check`, `build`, `doctor`, `dev`, `chaos`, `worker`, `migrate` and `api`. */
export const application: CliDomain = {
  addCommands(program, context, run) {
    program
      .command('init')
      .description('make an application: configuration, tasks with their test, a workflow, a schedule, an image')
      .argument('[folder]', 'an empty folder, or one with a package.json', '.')
      .action((folder: string) =>
        run(import('./init.ts').then(({ initApplication }) => initApplication(context, folder))),
      );
    program
      .command('check')
      .description('say what the application has, or everything that is wrong with it')
      .action(() => run(runProgram('application/check')));
    program
      .command('build')
      .description('check the application, and write to dist/ what its processes run in production')
      .action(() => run(runProgram('workers/build')));
    program
      .command('doctor')
      .description('look at everything that processes need here, and say what to put right')
      .action(() => run(runProgram('stack/doctor/main')));
    program
      .command('dev')
      .description('run the application with everything it needs on this machine; changed code runs within seconds')
      .option('--fleets', 'the processes of each fleet of the application, as in production, in place of one worker')
      .action(({ fleets }: { readonly fleets?: true }) =>
        run(runProgram('stack/dev', fleets === undefined ? {} : { STACK_FLEETS: 'true' })),
      );
    program
      .command('chaos')
      .description(
        'kill processes and disturb disks and networks of a stack of its own under load; exit code 1 for any loss',
      )
      .addOption(new Option('--minutes <n>', 'how long things go wrong').argParser(number).default(5))
      .addOption(
        new Option('--jobs <n>', 'tasks and pipelines to ask for').argParser(wholeNumber(1, 20_000)).default(500),
      )
      .addOption(
        new Option('--seed <n>', 'the same seed has the same plan; default: any').argParser(
          wholeNumber(0, 4_294_967_295),
        ),
      )
      .addOption(outputForm())
      .addOption(jsonFlag())
      .action((options: ChaosCommandOptions) => run(import('./chaos.ts').then(({ chaos }) => chaos(context, options))));
    program
      .command('worker')
      .description('run a worker of the application; the environment says against which servers')
      .option('--fleet <name>', 'which queues it serves: a fleet of the product or of the application; default: all')
      .action(({ fleet }: { readonly fleet?: string }) =>
        run(runProgram('workers/main', fleet === undefined ? {} : { WORKER_FLEET: fleet })),
      );
    program
      .command('migrate')
      .description('bring the database up to date, before processes of a new version start')
      .action(() => run(runProgram('workers/migrate')));
    program
      .command('api')
      .description('run the HTTP API; the environment says against which servers')
      .action(() => run(runProgram('api/main')));
  },
};
