/** `perennial dev`: the stack for an application that is being written; changed code runs within seconds. */
import { exitCodes } from '../contracts/values/exit-codes.ts';
import { nearestApplication } from '../config/project.ts';
import { runStack } from './run.ts';
import { followChanges } from './watch.ts';

if (nearestApplication(process.cwd()) === undefined && process.env['APPLICATION_DIR'] === undefined) {
  process.stderr.write(
    `perennial dev: expected a folder with a perennial.config.ts, got ${process.cwd()}. Make one with \`perennial init\`.\n`,
  );
  process.exit(exitCodes.usage);
}
// A module that is broken while it is written must not stop the others.
process.env['APPLICATION_FAULTS'] ??= 'report';
process.exit(await runStack(followChanges));
