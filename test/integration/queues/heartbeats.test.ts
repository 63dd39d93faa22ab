/** Heartbeats of worker processes in a real PostgreSQL. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WorkerHeartbeats } from '../../../services/queues/port.ts';
import { createWorkerHeartbeats } from '../../../services/queues/postgres.ts';
import { testDatabase, type TestDatabase } from '../../support/servers/postgres.ts';

let test: TestDatabase;
let heartbeats: WorkerHeartbeats;
beforeAll(async () => {
  test = await testDatabase();
  heartbeats = createWorkerHeartbeats(test.db);
});
afterAll(() => test.drop());
beforeEach(() => test.db.query('truncate worker_heartbeats'));

const process = (...queues: string[]) => ({ id: randomUUID(), host: 'machine', queues });
const age = (id: string, seconds: number) =>
  test.db.query('update worker_heartbeats set seen_at = now() - make_interval(secs => $2) where id = $1', [
    id,
    seconds,
  ]);

describe('the heartbeats of workers', () => {
  it('HEALTH-2 count the processes of all machines, and the queues that any of them polls', async () => {
    await heartbeats.beat(process('a', 'b'));
    await heartbeats.beat(process('b', 'c'));
    expect(await heartbeats.running()).toEqual({
      count: 2,
      hosts: ['machine', 'machine'],
      queues: new Set(['a', 'b', 'c']),
    });
  });

  it('HEALTH-2 follow a process that polls fewer queues', async () => {
    const worker = process('a', 'b');
    await heartbeats.beat(worker);
    await heartbeats.beat({ ...worker, queues: ['b'] });
    expect(await heartbeats.running()).toEqual({ count: 1, hosts: ['machine'], queues: new Set(['b']) });
  });

  it('HEALTH-2 are lost after twelve seconds of silence, and at once when the process stops', async () => {
    const [silent, stopping, lively] = [process('a'), process('b'), process('c')];
    for (const worker of [silent, stopping, lively]) await heartbeats.beat(worker);
    await age(silent.id, 12);
    await age(lively.id, 9);
    await heartbeats.stop(stopping.id);
    expect(await heartbeats.running()).toEqual({ count: 1, hosts: ['machine'], queues: new Set(['c']) });
  });

  it('leave no rows of processes that were killed long ago', async () => {
    const killed = process('a');
    await heartbeats.beat(killed);
    await age(killed.id, 3_601);
    await heartbeats.beat(process('b'));
    const { rows } = await test.db.query('select queues from worker_heartbeats');
    expect(rows).toEqual([{ queues: ['b'] }]);
  });
});
