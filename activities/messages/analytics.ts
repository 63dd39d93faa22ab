import { PerennialError } from '../../contracts/failures.ts';
import type { MonitorQueueLengthsOutput } from '../../contracts/housekeeping/schema.ts';
import type {
  AnalyzeEngagementInput,
  AnalyzeEngagementOutput,
  AskAboutMessagesInput,
  AskAboutMessagesOutput,
  EraseUserInput,
  EraseUserOutput,
  NoteEngagementInput,
  NoteEngagementOutput,
  OptimizeSendTimesInput,
  OptimizeSendTimesOutput,
  TrackDeliveryRatesInput,
  TrackDeliveryRatesOutput,
} from '../../contracts/messages/analytics.schema.ts';
import { DAY_MS, HOUR_MS } from '../../contracts/values/units.ts';
import { describeQueues } from '../housekeeping/look.ts';
import type { TaskContext } from '../shell/task-body.ts';
import type { MessagePorts } from './ports.ts';
import { userMissing } from './users.ts';

/** Waiting tasks of one queue from which it is a warning: messages that wait are late sooner than other work. */
const WARN_LENGTH = 100;

/** Counts what waits in the queues of messages. */
export async function monitorQueueDepth({ queues }: MessagePorts): Promise<MonitorQueueLengthsOutput> {
  return describeQueues(await queues.lengths((queue) => queue.startsWith('messaging.')), WARN_LENGTH);
}

/** Tells the figures of each channel. */
export async function trackDeliveryRates(
  { engagement, now }: MessagePorts,
  { hours, messageType }: TrackDeliveryRatesInput,
): Promise<TrackDeliveryRatesOutput> {
  const since = new Date(now().getTime() - hours * HOUR_MS);
  return { since: since.toISOString(), channels: [...(await engagement.figures({ since, messageType }))] };
}

/** Tells what a user did with messages. */
export async function analyzeUserEngagement(
  { engagement, now }: MessagePorts,
  { userId, days }: AnalyzeEngagementInput,
): Promise<AnalyzeEngagementOutput> {
  const since = new Date(now().getTime() - days * DAY_MS);
  const found = await engagement.ofUser(userId, since);
  if (found === undefined) throw userMissing();
  return {
    user_id: userId,
    since: since.toISOString(),
    time_zone: found.timeZone,
    channels: [...(await engagement.figures({ since, userId }))],
    by_hour: [...found.byHour],
    best_hour: found.bestHour,
    last_engaged_at: found.lastEngagedAt?.toISOString() ?? null,
  };
}

/** Notes what a user did. */
export async function noteEngagement(
  { engagement, now }: MessagePorts,
  { userId, eventKey, happenedAt, ...event }: NoteEngagementInput,
  { idempotencyKey }: TaskContext,
): Promise<NoteEngagementOutput> {
  if (happenedAt !== undefined && Date.parse(happenedAt) > now().getTime() + DAY_MS)
    throw new PerennialError('InvalidInput', `happenedAt: expected a time that has come, got ${happenedAt}`);
  const key = `${event.kind}:${userId}:${eventKey ?? idempotencyKey}`;
  const isKnown = await engagement.note({ ...event, userId, eventKey: key, happenedAt });
  if (!isKnown) throw userMissing();
  return { status: 'noted', user_id: userId };
}

/** Users whose hours are found by one statement. */
const PAGE = 1_000;

/** Finds the best hour of all users who did something. */
export async function optimizeSendTimes(
  { engagement, now }: MessagePorts,
  { days }: OptimizeSendTimesInput,
  context: TaskContext,
): Promise<OptimizeSendTimesOutput> {
  const since = new Date(now().getTime() - days * DAY_MS);
  const total = { users: 0, with_best_hour: 0 };
  for (let after: string | undefined = ''; after !== undefined;) {
    context.signal.throwIfAborted();
    const { users, known, last } = await engagement.optimize(since, after, PAGE);
    total.users += users;
    total.with_best_hour += known;
    context.progress(total);
    after = last;
  }
  return total;
}

/** Asks the provider what became of messages. */
export async function askAboutMessages(
  { unsettled }: MessagePorts,
  { limit }: AskAboutMessagesInput,
  { signal }: TaskContext,
): Promise<AskAboutMessagesOutput> {
  return { ...(await unsettled.ask(limit, signal)) };
}

/** Deletes what is kept of messages to a user. */
export async function eraseUser(
  { eraser }: MessagePorts,
  { userId }: EraseUserInput,
  { signal }: TaskContext,
): Promise<EraseUserOutput> {
  const deleted = await eraser.erase(userId, signal);
  if (deleted === undefined) throw userMissing();
  return { status: 'erased', user_id: userId, deleted: { ...deleted } };
}
