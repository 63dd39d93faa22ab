import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, startHouse } from './house.ts';

let house: House;

beforeAll(async () => {
  house = await startHouse();
});
afterAll(() => house.stop());

describe('CLEAN-3 vacuumDatabase', () => {
  it('CLEAN-3 vacuums outside a transaction, and says so with the sizes', async () => {
    const { db } = house.test;
    await db.query(`insert into users (id, email) select 'v' || n, 'x@example.com' from generate_series(1, 20000) n`);
    await db.query(`delete from users where id like 'v%'`);
    const lastVacuum = async () => {
      const { rows } = await db.query<{ vacuum: Date | null; analyze: Date | null }>(
        `select last_vacuum as vacuum, last_analyze as analyze from pg_stat_user_tables where relname = 'users'`,
      );
      return rows[0];
    };
    expect(await house.run('housekeeping.vacuumDatabase', { dryRun: true })).toMatchObject({ dry_run: true });
    expect((await lastVacuum())?.vacuum).toBeNull();
    const done = await house.run('housekeeping.vacuumDatabase');
    expect(done).toMatchObject({ status: 'completed', dry_run: false });
    expect(done.size_before_mb).toBeGreaterThan(0);
    expect(done.size_after_mb).toBeGreaterThan(0);
    const after = await lastVacuum();
    expect(after?.vacuum).toBeInstanceOf(Date);
    expect(after?.analyze).toBeInstanceOf(Date);
    expect(await house.run('housekeeping.vacuumDatabase')).toMatchObject({ status: 'completed' });
  });
});
