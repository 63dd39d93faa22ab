/** The commands for an application of one's own: make it, write it, run it. */
import { moduleBeside } from '../../contracts/values/modules.ts';
import type { CliDomain } from '../domain.ts';

/** Runs a program of the product in this process; it ends the process itself. */
async function runProgram(name: string): Promise<number> {
  await import(moduleBeside(import.meta.url, `../../${name}`).href);
  // The program goes on, and exits when it is told to.
  return new Promise<number>(() => undefined);
}

/** Adds `perennial init`, `check`, `doctor`, `dev`, `worker` and `api`. */
export const application: CliDomain = {
  addCommands(program, context, run) {
    program
      .command('init')
      .description('make an application: configuration, tasks with their test, a workflow, a schedule')
      .argument('[folder]', 'an empty folder, or one with a package.json', '.')
      .action((folder: string) =>
        run(import('./init.ts').then(({ initApplication }) => initApplication(context, folder))),
      );
    program
      .command('check')
      .description('say what the application has, or everything that is wrong with it')
      .action(() => run(runProgram('application/check')));
    program
      .command('doctor')
      .description('look at everything that processes need here, and say what to put right')
      .action(() => run(runProgram('stack/doctor/main')));
    program
      .command('dev')
      .description('run the application with everything it needs on this machine; changed code runs within seconds')
      .action(() => run(runProgram('stack/dev')));
    program
      .command('worker')
      .description('run a worker of the application; the environment says against which servers')
      .action(() => run(runProgram('workers/main')));
    program
      .command('api')
      .description('run the HTTP API; the environment says against which servers')
      .action(() => run(runProgram('api/main')));
  },
};
