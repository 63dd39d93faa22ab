/** How commands of schedules end when something is refused or away. */
import { expect, it } from 'vitest';
import { Unavailable } from '../../../client/index.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { exitCodes } from '../../../contracts/values/exit-codes.ts';
import { testCli } from '../../support/fakes/cli.ts';

it('tells failures apart by the exit code', async () => {
  const cli = testCli();
  cli.client.schedules.failure = new PerennialError('ScheduleConflict', 'expected a new name');
  const args = ['schedules', 'add', 'x', '--every', '5', '--task', 't'];
  expect(await cli.run(...args)).toMatchObject({ code: exitCodes.conflict });
  cli.client.schedules.failure = new PerennialError('ScheduleForeign', 'expected a schedule of Perennial');
  expect(await cli.run(...args)).toMatchObject({ code: exitCodes.failed });
  cli.unreachable = new Unavailable('away');
  expect(await cli.run(...args)).toMatchObject({ code: exitCodes.unavailable });
});
