/** `perennial doctor`: looks at everything that the processes of this folder need, and says what to do. */
import { InvalidApplication } from '../../application/faults.ts';
import { withApplication } from '../../application/open.ts';
import { connectPerennial, type PerennialClient } from '../../client/index.ts';
import { loadConfigOrExit } from '../../config/load.ts';
import { readCertificates } from '../../config/tls.ts';
import type { Config } from '../../config/types.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { runChecks } from '../../observability/health.ts';
import { createBlobStore } from '../../services/blobs/open.ts';
import { createDatabase, type Database } from '../../services/database/pool.ts';
import { readStack } from '../state.ts';
import { type Examination, examinations, type Examined } from './checks.ts';

/** Longest time for one check; the deadlines of requests are shorter. */
const CHECK_LIMIT_MS = 15_000;
const PATIENCE_MS = 3_000;

async function main(): Promise<number> {
  const config = loadConfigOrExit();
  try {
    return await withApplication({ ...config, applicationFaults: 'refuse' }, async (application) => {
      const running = readStack(config.stateDir)?.addresses;
      const database = openDatabase(config.database.url ?? running?.database);
      const client = await openClient(config, config.temporal.address ?? running?.temporal);
      const blobs = createBlobStore(config.blobs.url);
      const code = await examine({ config, application, database, client, blobs });
      await Promise.allSettled([client?.close(), database?.close()]);
      return code;
    });
  } catch (error) {
    if (!(error instanceof InvalidApplication)) throw error;
    print('error', 'application', error.message);
    return exitCodes.config;
  }
}

async function examine(examined: Examined): Promise<number> {
  print('ok', 'node', process.version);
  print('ok', 'configuration', examined.config.environment);
  const { tasks, domains } = examined.application;
  print('ok', 'application', `${String(tasks.length)} tasks of its own; ${domains.join(', ') || 'no domains'}`);
  let failed = false;
  for (const one of examinations(examined)) {
    const ok = await tell(one);
    failed ||= !ok;
  }
  return failed ? exitCodes.failed : exitCodes.ok;
}

/** Runs one check and says how it went. */
async function tell({ name, check, remedy }: Examination): Promise<boolean> {
  const { [name]: text = '' } = await runChecks({ [name]: check }, CHECK_LIMIT_MS);
  const [verdict = '', ...rest] = text.split(': ');
  const said = rest.join(': ');
  print(verdict, name, verdict === 'ok' ? said : `${said}\n         ${remedy}`);
  return verdict !== 'error';
}

function print(verdict: string, name: string, text: string): void {
  process.stdout.write(`${verdict.padEnd(8)} ${name}${text === '' ? '' : `: ${text}`}\n`);
}

function openDatabase(url: string | undefined): Database | undefined {
  return url === undefined ? undefined : createDatabase({ url, poolSize: 1, patienceMs: PATIENCE_MS });
}

async function openClient(config: Config, address: string | undefined): Promise<PerennialClient | undefined> {
  if (address === undefined) return undefined;
  const { namespace, tls, apiKey } = config.temporal;
  return connectPerennial({
    address,
    namespace,
    apiKey,
    tls: await readCertificates(tls),
    deadlineMs: PATIENCE_MS,
    lazy: true,
  });
}

process.exit(await main());
