/**
 * Runs cases on the running stack and prints their results in the format of the scorer. `perennial conformance` starts
 * it.
 *
 *     conformance/main.ts CASES.json [--local] [--concurrency N] [--only ID,ID]
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Connection } from '@temporalio/client';
import { loadConfigOrExit } from '../config/load.ts';
import { forceUtc } from '../config/process.ts';
import { readCertificates } from '../config/tls.ts';
import { exitCodes } from '../contracts/values/exit-codes.ts';
import { readStack } from '../stack/state.ts';
import { connectWorker } from '../workers/connection.ts';
import { type Case, type Observation, observeAll, runLocally } from './cases.ts';
import { silence, startRunner } from './temporal.ts';

/** Concurrent cases: enough to keep two cores busy; more only slow each case down. */
const CONCURRENCY = 16;

type Observations = Readonly<Record<string, Observation>>;

async function onStack(cases: readonly Case[], concurrency: number): Promise<Observations> {
  forceUtc();
  silence();
  const config = loadConfigOrExit();
  const address = config.temporal.address ?? readStack(config.stateDir)?.addresses.temporal;
  if (address === undefined) {
    process.stderr.write(`conformance: there is no stack in ${config.stateDir}; start one with \`npm start\`.\n`);
    process.exit(exitCodes.unavailable);
  }
  const { namespace, apiKey } = config.temporal;
  const tls = await readCertificates(config.temporal.tls);
  const log = { warn: (_fields: object, message: string) => process.stderr.write(`${message}\n`) };
  const native = await connectWorker({ ...config.temporal, address }, log, new AbortController().signal);
  const connection = await Connection.connect({
    address,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(tls === undefined ? {} : { tls }),
  });
  const runner = await startRunner({ native, connection, namespace });
  try {
    return await observeAll(cases, runner.run, concurrency);
  } finally {
    await runner.close();
    await Promise.allSettled([connection.close(), native.close()]);
  }
}

async function readCases(file: string): Promise<readonly Case[]> {
  const content = JSON.parse(await readFile(file, 'utf8')) as { cases?: readonly Case[] } | readonly Case[]; // checked below
  const cases = 'cases' in content ? content.cases : content;
  if (!Array.isArray(cases)) throw new TypeError(`${file}: expected a list of cases, or an object with "cases"`);
  return cases as readonly Case[];
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    local: { type: 'boolean', default: false },
    concurrency: { type: 'string', default: String(CONCURRENCY) },
    only: { type: 'string' },
  },
});
const [file] = positionals;
const concurrency = Number(values.concurrency);
if (file === undefined || !Number.isInteger(concurrency) || concurrency < 1) {
  process.stderr.write('Usage: perennial conformance CASES.json [--local] [--concurrency N] [--only ID,ID]\n');
  process.exit(exitCodes.usage);
}
try {
  const wanted = values.only?.split(',');
  const cases = (await readCases(file)).filter(({ id }) => wanted === undefined || wanted.includes(id));
  const observed = await (values.local ? observeAll(cases, runLocally, concurrency) : onStack(cases, concurrency));
  await new Promise<void>((resolve) => {
    process.stdout.write(`${JSON.stringify(observed)}\n`, () => resolve());
  });
  process.exit(0);
} catch (error) {
  process.stderr.write(`conformance: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
