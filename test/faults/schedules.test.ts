/** Really kills the server and workers around due times; afterwards everything must have been started once. */
import { execFile, execFileSync } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditRuns } from '../../activities/schedules/audit-runs.ts';
import { GRACE_MS } from '../../activities/schedules/explain.ts';
import type { NewSchedule } from '../../contracts/schedules/vocabulary.ts';
import { projectDir } from '../../config/project.ts';
import { scheduleEntries } from '../../schedules/entries.ts';
import { solarEventBetween } from '../../schedules/solar.ts';
import { createScheduleLedger } from '../../services/schedules/postgres.ts';
import { createUserStore } from '../../services/users/postgres.ts';
import { scheduleServer } from '../../client/schedules/server.ts';
import { createFaults, type Faults } from '../support/faults.ts';
import { startTestStack, type TestStack } from '../support/servers/stack.ts';

let world: TestStack;
let faults: Faults;
beforeAll(async () => {
  world = await startTestStack();
  faults = await createFaults(world);
});
afterAll(async () => {
  await faults.close();
  await world.stop();
});

const run = promisify(execFile);

/** The task of the sunrise schedule leaves one row for each of its runs. */
const target = { task: 'housekeeping.sunrise', input: {} };

/** Due once, so many milliseconds from now; and then for an hour not again. */
function dueIn(id: string, ms: number, facts: Partial<NewSchedule> = {}): { schedule: NewSchedule; dueMs: number } {
  const dueMs = Math.ceil((Date.now() + ms) / 1000) * 1000;
  const every = { seconds: 3600, offsetSeconds: (dueMs / 1000) % 3600 };
  return { schedule: { id, timing: { every }, target, ...facts }, dueMs };
}

async function runsOf(prefix: string): Promise<number> {
  const { rows } = await world.database.query<{ count: number }>(
    'select count(*)::int as count from sunrise_runs where starts_with(key, $1)',
    [prefix],
  );
  return rows[0]?.count ?? 0;
}

async function eventually<T>(look: () => Promise<T>, good: (value: T) => boolean): Promise<T> {
  for (let waited = 0; ; waited += 250) {
    const value = await look().catch(() => undefined);
    if (value !== undefined && good(value)) return value;
    if (waited > 90_000) throw new TypeError(`expected a good answer within 90 s, the last one was ${String(value)}`);
    await sleep(250);
  }
}

/** Kills the Temporal server, and each that the supervisor starts in its place, until a time. */
async function keepServerDown(untilMs: number): Promise<void> {
  const databaseFile = path.join(path.dirname(world.inbox), 'temporal.db');
  while (Date.now() < untilMs) {
    for (const line of execFileSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' }).split('\n')) {
      if (line.includes(databaseFile) && line.includes('start-dev')) process.kill(Number.parseInt(line, 10), 'SIGKILL');
    }
    await sleep(50);
  }
}

describe('BEAT-24 due times survive', () => {
  it('the death of the server across them: started once within the catch-up window, else missed and written down', async () => {
    const { schedule, dueMs } = dueIn('across', 10_000);
    const impatient = { ...schedule, id: 'too-late', policy: { catchupMs: 10_000 } };
    await world.client.schedules.add(schedule);
    await world.client.schedules.add(impatient);
    await sleep(dueMs - 1_500 - Date.now());
    await keepServerDown(dueMs + 13_000);
    await eventually(
      () => runsOf('across-'),
      (count) => count === 1,
    );
    const view = await eventually(
      () => world.client.schedules.describe('too-late'),
      ({ counts }) => counts.missedCatchup === 1,
    );
    await sleep(3_000);
    expect([await runsOf('across-'), await runsOf('too-late-'), view.counts.started]).toEqual([1, 0, 0]);
    const ledger = createScheduleLedger(world.database);
    const server = scheduleServer(() => Promise.resolve(world.client));
    const ports = { ledger, server, users: createUserStore(world.database), now: () => Date.now() + GRACE_MS };
    await auditRuns(ports, { signal: new AbortController().signal });
    const due = new Date(dueMs).toISOString();
    const rows = (await ledger.list({ limit: 50 })).filter(({ dueAt }) => dueAt <= due);
    expect(rows.map(({ scheduleId, dueAt, state, reason }) => [scheduleId, dueAt, state, reason]).sort()).toEqual([
      ['across', due, 'ran', null],
      ['too-late', due, 'missed', 'catch-up'],
    ]);
    const across = rows.find(({ scheduleId }) => scheduleId === 'across');
    expect(Date.parse(across?.startedAt ?? '')).toBeGreaterThan(dueMs + 13_000);
  });

  it('the death of the worker: the run that it had begun is completed once by the next', async () => {
    const { schedule, dueMs } = dueIn('orphan', 3_000);
    const release = await faults.lockTable('sunrise_runs');
    await world.client.schedules.add(schedule);
    const { running } = await eventually(
      () => world.client.schedules.describe('orphan'),
      (view) => view.running.length === 1,
    );
    expect(Date.now()).toBeGreaterThanOrEqual(dueMs);
    await faults.untilStep(running[0] ?? '', target.task);
    faults.kill('worker');
    await release();
    await eventually(
      () => runsOf('orphan-'),
      (count) => count === 1,
    );
    await eventually(
      () => world.client.schedules.describe('orphan'),
      ({ running, counts }) => running.length === 0 && counts.started === 1,
    );
    await sleep(2_000);
    expect(await runsOf('orphan-')).toBe(1);
  });
});

describe('BEAT-14 the sun waits for nobody', () => {
  it('a day of a solar schedule survives the death of worker and server while it sleeps, and fires once', async () => {
    const noonMs = Date.now() + 20_000;
    const solar = { event: 'solar_noon', latitude: 0, longitude: meridianOfNoon(noonMs) } as const;
    await world.client.schedules.add({ id: 'noon', timing: { solar }, target });
    const connection = await Connection.connect({ address: world.stack.addresses.temporal });
    // The server's own trigger starts the workflow that waits, as the schedule itself does once a day.
    await new Client({ connection }).schedule.getHandle('noon').trigger('BUFFER_ONE');
    await connection.close();
    await eventually(
      () => world.client.schedules.describe('noon'),
      ({ running }) => running.length === 1,
    );
    await sleep(3_000);
    faults.kill('worker');
    await sleep(1_000);
    faults.kill('temporal');
    await eventually(
      () => runsOf('noon-'),
      (count) => count === 1,
    );
    await eventually(
      () => world.client.schedules.describe('noon'),
      ({ running }) => running.length === 0,
    );
    await sleep(2_000);
    expect(await runsOf('noon-')).toBe(1);
    const rows = await createScheduleLedger(world.database).list({ scheduleId: 'noon', limit: 10 });
    expect(rows).toMatchObject([{ state: 'ran' }]);
    expect(Math.abs(Date.parse(rows[0]?.dueAt ?? '') - noonMs)).toBeLessThan(2_000);
    expect(Date.parse(rows[0]?.startedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(rows[0]?.dueAt ?? ''));
  });
});

/** Where on Earth it is noon at an instant, in degrees east. */
function meridianOfNoon(atMs: number): number {
  const day = 86_400_000;
  let longitude = 0;
  for (let step = 0; step < 4; step += 1) {
    const noon =
      solarEventBetween({ event: 'solar_noon', latitude: 0, longitude }, atMs - day / 2, atMs + day / 2) ?? 0;
    longitude += ((noon - atMs) / day) * 360;
    longitude = ((((longitude + 180) % 360) + 360) % 360) - 180;
  }
  return longitude;
}

describe('BEAT-25 two schedulers at once', () => {
  it('sync in two processes at the same time: both succeed, and each schedule is there once', async () => {
    const { temporal, database } = world.stack.addresses;
    const env = { ...process.env, TEMPORAL_ADDRESS: temporal, DATABASE_URL: database };
    const sync = () =>
      run(process.execPath, [path.join(projectDir, 'cli/perennial.mjs'), 'schedules', 'sync', '--json'], { env });
    const reports = await Promise.all([sync(), sync()]);
    const created = reports.flatMap(({ stdout }) => createdOf(stdout));
    expect(created.sort()).toEqual(scheduleEntries.map(({ id }) => id).sort());
    const { changes, unchanged } = await world.client.schedules.sync();
    expect([changes, unchanged]).toEqual([[], scheduleEntries.length]);
  });
});

function createdOf(json: string): string[] {
  const report = JSON.parse(json) as { changes: { id: string; action: string }[] }; // what the command prints
  return report.changes.filter(({ action }) => action === 'create').map(({ id }) => id);
}
