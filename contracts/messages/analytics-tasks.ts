/** The rows of the tasks that watch over messages: figures, engagement, what became of them, and erasing. */
import { lookAgainSoon } from '../housekeeping/tasks.ts';
import type { MonitorQueueLengthsInput, MonitorQueueLengthsOutput } from '../housekeeping/schema.ts';
import { queues } from '../queues/names.ts';
import { taskRow } from '../tasks/definition.ts';
import { standardLimits, untilStoreIsBack } from '../tasks/policies.ts';
import { longLimits } from '../tasks/time-limits.ts';
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
} from './analytics.schema.ts';
import { celery, providerBreaker } from './origins.ts';

export const analyticsTasks = {
  monitorQueueDepth: taskRow<MonitorQueueLengthsInput, MonitorQueueLengthsOutput>()({
    name: 'messages.monitorQueueDepth',
    purpose: 'Counts what waits in each queue of messages; more than 100 are a warning.',
    queue: queues.messagingAnalytics,
    aliases: celery('monitor_queue_depth'),
    retry: lookAgainSoon,
    limits: standardLimits,
  }),
  trackDeliveryRates: taskRow<TrackDeliveryRatesInput, TrackDeliveryRatesOutput>()({
    name: 'messages.trackDeliveryRates',
    purpose: 'Tells what share of the messages of each channel arrived, and what users did with them.',
    queue: queues.messagingAnalytics,
    aliases: celery('track_delivery_rates'),
    retry: lookAgainSoon,
    limits: longLimits,
  }),
  analyzeUserEngagement: taskRow<AnalyzeEngagementInput, AnalyzeEngagementOutput>()({
    name: 'messages.analyzeUserEngagement',
    purpose: 'Tells what a user did with messages, by channel and by hour.',
    queue: queues.messagingAnalytics,
    aliases: celery('analyze_user_engagement'),
    parameters: ['userId', 'days'],
    retry: lookAgainSoon,
    limits: longLimits,
    sealInput: true,
  }),
  noteEngagement: taskRow<NoteEngagementInput, NoteEngagementOutput>()({
    name: 'messages.noteEngagement',
    purpose: 'Notes that a user has answered, opened or followed a message, once for each event.',
    queue: queues.messagingAnalytics,
    parameters: ['userId', 'channel', 'kind', 'eventKey', 'happenedAt'],
    retry: untilStoreIsBack,
    limits: longLimits,
    sealInput: true,
  }),
  optimizeSendTimes: taskRow<OptimizeSendTimesInput, OptimizeSendTimesOutput>()({
    name: 'messages.optimizeSendTimes',
    purpose: 'Finds the hour at which each user is reached best, from what users did before.',
    queue: queues.messagingOptimization,
    retry: untilStoreIsBack,
    limits: longLimits,
    keyedLimits: [{ by: 'task', concurrency: 1, reason: 'Two runs would write the same hours.' }],
  }),
  askAboutMessages: taskRow<AskAboutMessagesInput, AskAboutMessagesOutput>()({
    name: 'messages.askAboutMessages',
    purpose: 'Asks the provider of text messages what became of those of which it has told no end.',
    queue: queues.messagingMonitoring,
    retry: lookAgainSoon,
    limits: longLimits,
    breaker: providerBreaker,
    keyedLimits: [{ by: 'task', concurrency: 1, reason: 'Two runs would ask for the same messages.' }],
  }),
  eraseUser: taskRow<EraseUserInput, EraseUserOutput>()({
    name: 'messages.eraseUser',
    purpose: 'Deletes what is kept of messages to a user, and how the user was to be written to.',
    queue: queues.messagingSmsDaily,
    parameters: ['userId'],
    retry: untilStoreIsBack,
    limits: longLimits,
    sealInput: true,
  }),
} as const;
