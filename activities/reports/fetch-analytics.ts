import type { Analytics, FetchAnalyticsInput } from '../../contracts/reports/schema.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { putJson } from './blobs.ts';
import type { ReportPorts } from './ports.ts';

/** Counts the outcomes of the documents of a period. Names are stored in a blob, so that no history contains them. */
export async function fetchAnalytics(
  { analytics, calendar, blobs, defaults }: ReportPorts,
  { start, end, userId = null, timeZone }: FetchAnalyticsInput,
): Promise<Analytics> {
  const user = userId === null ? undefined : await analytics.findUser(userId);
  if (userId !== null && user === undefined)
    throw new PerennialError('UserNotFound', `userId: expected the id of a known user, got '${userId}'`);
  const period = calendar.range(start, end, timeZone ?? user?.timeZone ?? defaults.timeZone);
  const { analytics: figures, details } = await analytics.figures(period, userId);
  return { ...figures, details: await putJson(blobs, 'reports/details', details) };
}
