/** What `perennial doctor` looks at, in the order in which a person would put it right. */
import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { OpenApplication } from '../../application/open.ts';
import { createPorts, portsOf } from '../../application/ports.ts';
import type { PerennialClient } from '../../client/index.ts';
import type { Config } from '../../config/types.ts';
import { productDir } from '../../config/project.ts';
import type { FleetRow } from '../../contracts/queues/fleets.ts';
import type { CheckText } from '../../contracts/housekeeping/vocabulary.ts';
import { BYTES_PER_MB, SECOND_MS } from '../../contracts/values/units.ts';
import type { BlobStore } from '../../services/blobs/port.ts';
import type { Database } from '../../services/database/pool.ts';
import { createDisks } from '../../services/housekeeping/disks.ts';
import { missingPackages } from './packages.ts';

/** What the checks ask. */
export interface Examined {
  readonly config: Config;
  readonly application: OpenApplication;
  readonly database: Pick<Database, 'check' | 'query'> | undefined;
  readonly blobs: Pick<BlobStore, 'check'>;
  readonly client: Pick<PerennialClient, 'ping' | 'queues'> | undefined;
}

/** One thing to look at, and what a person does when it is not right. */
export interface Examination {
  readonly name: string;
  readonly check: () => Promise<CheckText>;
  readonly remedy: string;
}

const NOT_RUNNING = 'error: no address: nothing runs on this machine, and the environment names none';

/** Makes the list. */
export function examinations(examined: Examined): readonly Examination[] {
  const { config } = examined;
  return [
    {
      name: 'packages',
      check: () => Promise.resolve(packagesText(examined.application)),
      remedy: 'Install them with npm.',
    },
    {
      name: 'settings of the application',
      check: () => Promise.resolve(settingsText(examined)),
      remedy: 'Set the variables; `perennial check` lists them.',
    },
    {
      name: 'languages',
      check: () => languagesText(examined),
      remedy: 'Until then a worker does not start, unless OCR_LANGUAGE names others.',
    },
    {
      name: 'state folder',
      check: () => writableText(config.stateDir),
      remedy: `Make ${config.stateDir} writable and free space, or set STATE_DIR.`,
    },
    { name: 'blobs', check: () => examined.blobs.check().then(() => 'ok'), remedy: 'Check BLOB_URL and the store.' },
    {
      name: 'database',
      check: () => databaseText(examined),
      remedy: 'Check DATABASE_URL, the server and its clock, or start everything with `perennial dev`.',
    },
    {
      name: 'temporal',
      check: () => (examined.client === undefined ? Promise.resolve(NOT_RUNNING) : pingText(examined.client)),
      remedy: 'Check TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE and the server, or start everything with `perennial dev`.',
    },
    {
      name: 'workers',
      check: () => workersText(examined),
      remedy: 'Start a worker with `perennial worker`, or `--fleet` and its name; its log says why one does not serve.',
    },
    {
      name: 'fleets',
      check: () => fleetsText(examined),
      remedy:
        'Start more processes with `perennial worker --fleet` and the name, or change `processes` in the configuration.',
    },
  ];
}

function packagesText({ domains }: OpenApplication): CheckText {
  const missing = missingPackages(['worker', 'API', ...domains], productDir);
  return missing.length === 0 ? 'ok' : `error: not installed: ${missing.join(', ')}`;
}

function settingsText({ application, config }: Examined): CheckText {
  createPorts(portsOf([...application.tasks, ...application.routes]), process.env, config);
  return 'ok';
}

/** A service that reads has data of its own. */
async function languagesText({ application, config }: Examined): Promise<CheckText> {
  const { ocr, deepseek } = config.documents;
  if (!application.domains.includes('documents') || deepseek.url !== undefined) return 'ok';
  const { missingLanguages } = await import('../../services/ocr/languages/installed.ts');
  const found = await missingLanguages(ocr);
  if (found === undefined) return `ok: ${ocr.language}`;
  return `error: OCR_LANGUAGE has ${found.missing}, installed are ${found.installed.join(', ') || 'none'}. ${found.remedy}`;
}

/** Free space below which a machine is about to fail. */
const LEAST_FREE_BYTES = 500 * BYTES_PER_MB;

async function writableText(folder: string): Promise<CheckText> {
  const file = path.join(folder, `.doctor-${randomUUID()}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(file, '');
  await rm(file);
  const [disk] = await createDisks({ state: folder }).measure();
  const free = disk?.freeBytes ?? 0;
  const text = `${String(Math.floor(free / BYTES_PER_MB))} MB free`;
  return free < LEAST_FREE_BYTES ? `warning: ${text}` : `ok: ${text}`;
}

/** Largest difference between two clocks; schedules and expiries depend on them. */
const MOST_CLOCK_DIFFERENCE_MS = 5 * SECOND_MS;

/** The database may be on another machine, so its clock is compared with that of this one. */
async function databaseText({ database }: Examined): Promise<CheckText> {
  if (database === undefined) return NOT_RUNNING;
  await database.check();
  const { rows } = await database.query<{ version: string; ms: string }>(
    `select current_setting('server_version') as version, extract(epoch from clock_timestamp()) * 1000 as ms`,
  );
  const difference = Math.round(Math.abs(Date.now() - Number(rows[0]?.ms)));
  const text = `PostgreSQL ${rows[0]?.version ?? ''}, its clock differs by ${String(difference)} ms`;
  return difference > MOST_CLOCK_DIFFERENCE_MS ? `error: ${text}` : `ok: ${text}`;
}

async function pingText(client: Pick<PerennialClient, 'ping'>): Promise<CheckText> {
  await client.ping();
  return 'ok';
}

async function workersText({ application, client }: Examined): Promise<CheckText> {
  if (client === undefined) return NOT_RUNNING;
  const queues = await client.queues.list();
  const alone = queues.filter(({ workers }) => workers === 0).map(({ name }) => name);
  if (alone.length === 0) return `ok: ${String(queues.length)} queues`;
  return `error: no worker serves ${alone.map((name) => withFleets(name, application.fleets)).join(', ')}`;
}

/** Names the queue, and the fleets whose processes would serve it. */
function withFleets(queue: string, own: readonly FleetRow[]): string {
  const fleets = own.filter(({ queues }) => queues.includes(queue)).map(({ fleet }) => fleet);
  return fleets.length === 0 ? queue : `${queue} (fleet ${fleets.join(' or ')})`;
}

/** In development, one worker of another fleet may do the work of all. */
async function fleetsText({ application: { fleets }, client, config }: Examined): Promise<CheckText> {
  const names = fleets.map(({ fleet }) => fleet).join(', ');
  if (client === undefined || config.environment === 'development' || fleets.length === 0)
    return `ok: ${names || 'none of its own'}`;
  const queues = await client.queues.list();
  const short = fleets.flatMap(({ fleet, queues: own, processes }) => {
    const counts = queues.filter(({ name }) => own.includes(name)).map(({ workers }) => workers);
    const fewest = Math.min(...counts, processes);
    return fewest < processes ? [`${fleet} has ${String(fewest)} of ${String(processes)} processes`] : [];
  });
  return short.length === 0 ? `ok: ${names}` : `warning: ${short.join(', ')}`;
}
