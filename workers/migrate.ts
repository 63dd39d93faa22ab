/** `perennial migrate`: brings the database up to date before processes of a new version start. */
import { loadConfigOrExit, exitWithout } from '../config/load.ts';
import { configTable } from '../config/table.ts';
import { exitCodes } from '../contracts/values/exit-codes.ts';
import { migrate } from '../services/database/migrate.ts';
import { createDatabase } from '../services/database/pool.ts';

const config = loadConfigOrExit();
const url = config.database.url ?? exitWithout(configTable.database.url);
const database = createDatabase({ url, poolSize: 1, patienceMs: config.database.patienceMs });
try {
  const { applied } = await migrate(database);
  process.stdout.write(applied.length === 0 ? 'up to date\n' : `applied: ${applied.join(', ')}\n`);
  process.exitCode = exitCodes.ok;
} catch (error) {
  process.stderr.write(`migrate: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = exitCodes.failed;
} finally {
  await database.close();
}
