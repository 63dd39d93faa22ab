import { PerennialError } from '../../contracts/failures.ts';
import type { CreateUserReportInput, CreateUserReportOutput } from '../../contracts/schedules/schema.ts';
import { reportWorkflows } from '../../contracts/reports/vocabulary.ts';
import { userReportScheduleId } from '../../contracts/schedules/vocabulary.ts';
import { dailyReport } from '../../schedules/policies.ts';
import type { SchedulePorts } from './ports.ts';

/**
 * Creates the daily report schedule of one user: 08:00 in the user's time zone. It is idempotent, and updates the zone
 * of a user who has moved. Each run computes the day to report on, so that a late run reports on the right day.
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
    purpose: 'Sends one user a report about the day before.',
    timing: { cron: '0 8 * * *' },
    timeZone: user.timeZone,
    target: { workflow: reportWorkflows.userDailyReport, args: [userId] },
    policy: dailyReport,
  });
  return { status: 'created', task_name: id };
}
