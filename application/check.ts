/** `perennial check`: loads the application of the folder and says what it has, or everything that is wrong with it. */
import { loadConfigOrExit } from '../config/load.ts';
import { CONFIG_NAMES } from '../config/project.ts';
import { exitCodes } from '../contracts/values/exit-codes.ts';
import { exitIfInvalid } from './open.ts';
import { loadApplication } from './load.ts';

const { applicationDir } = loadConfigOrExit();
if (applicationDir === undefined) {
  process.stderr.write(
    `perennial check: expected a folder with a ${CONFIG_NAMES.join(' or ')}, got ${process.cwd()}. Make one with \`perennial init\`.\n`,
  );
  process.exit(exitCodes.usage);
}
try {
  const { tasks, workflows, schedules, queues, domains } = await loadApplication(applicationDir);
  const counts = { tasks, 'modules of workflows': workflows, schedules, queues, 'domains of the product': domains };
  process.stdout.write(
    `${Object.entries(counts)
      .map(([what, { length }]) => `${what}: ${String(length)}`)
      .join(', ')}\n`,
  );
  process.exit(exitCodes.ok);
} catch (error) {
  exitIfInvalid(error);
  throw error;
}
