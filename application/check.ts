/**
 * `perennial check`: loads the application of the folder and says what it has, with the settings of its ports, or
 * everything that is wrong with it.
 */
import { loadConfigOrExit } from '../config/load.ts';
import { entriesOf } from '../config/reading.ts';
import { exitCodes } from '../contracts/values/exit-codes.ts';
import { builtApplication } from './built.ts';
import { applicationDirOrExit } from './find.ts';
import { exitIfInvalid } from './open.ts';
import { loadApplication } from './load.ts';
import { portsOf } from './ports.ts';

function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

const config = loadConfigOrExit();
const folder = applicationDirOrExit(config, 'perennial check');
try {
  const application = await loadApplication(folder, { built: builtApplication(folder, config.environment) });
  const { tasks, workflows, schedules, canvases, routes, queues, fleets, domains } = application;
  const counts = {
    tasks,
    'modules of workflows': workflows,
    schedules,
    canvases,
    routes,
    queues,
    fleets,
    'domains of the product': domains,
  };
  const settings = portsOf([...tasks, ...routes]).flatMap(({ settings: table }) => entriesOf(table));
  print(
    Object.entries(counts)
      .map(([what, { length }]) => `${what}: ${String(length)}`)
      .join(', '),
    ...settings.map(({ variable, expected, defaultText, doc }) => {
      const fallback = defaultText === undefined ? '' : `, default ${defaultText}`;
      return `${variable}: ${expected}${fallback}. ${doc}`;
    }),
  );
  process.exit(exitCodes.ok);
} catch (error) {
  exitIfInvalid(error);
  throw error;
}
