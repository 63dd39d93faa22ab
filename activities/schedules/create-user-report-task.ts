import { PerennialError } from '../../contracts/failures.ts';
import type { CreateUserReportInput, CreateUserReportOutput } from '../../contracts/schedules/schema.ts';
import { reportWorkflows } from '../../contracts/reports/vocabulary.ts';
import { userReportScheduleId } from '../../contracts/schedules/vocabulary.ts';
import { dailyReport } from '../../schedules/policies.ts';
import type { SchedulePorts } from './ports.ts';

/**
 * Creates the daily report schedule of one user (BEAT-23): 08:00 on the user's
 * clock. Idempotent; a user who has moved gets the new zone. The day that is
 * reported on is computed by each run (P3-39).
 *
 * @throws PerennialError `UserNotFound`
 */
export async function createUserReportTask(
  { users, server }: Pick<SchedulePorts, 'users' | 'server'>,
  { userId }: CreateUserReportInput,
): Promise<CreateUserReportOutput> {
  const user = await users.find(userId);
  if (user === undefined)
    throw new PerennialError('UserNotFound', `userId: expected the id of a known user, got '${userId}'`);
  const id = userReportScheduleId(userId);
  await server.put({
    id,
    purpose: 'Reports to one user on the day before.',
    timing: { cron: '0 8 * * *' },
    timeZone: user.timeZone,
    target: { workflow: reportWorkflows.userDailyReport, args: [userId] },
    policy: dailyReport,
  });
  return { status: 'created', task_name: id };
}
