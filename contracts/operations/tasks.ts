/**
 * The example tasks of the operations domain: each shows one rule of priorities, regions or time limits, and administrators
 * may start them by name.
 */
import type {
  AdaptiveInput,
  AdaptiveOutput,
  AnalyticsInput,
  AnalyticsOutput,
  ConditionalInput,
  DegradationInput,
  DegradationOutput,
  EffectInput,
  EffectOutput,
  EuDataInput,
  EuDataOutput,
  ExternalInput,
  LongRunningInput,
  LongRunningOutput,
  NotificationInput,
  NotificationOutput,
  PaymentInput,
  PaymentOutput,
  ProcessedOutput,
  ProcessInput,
  AskInput,
  CommunicationInput,
  CommunicationOutput,
  CounterInput,
  CounterOutput,
  CachedInput,
  CachedOutput,
  ProcessPaymentOutput,
  AskOutput,
  TimedInput,
  TimedOutput,
} from './schema.ts';
import {
  communicationRetry,
  conditionalHttpRetry,
  connectionRetry,
  degradationRetry,
  externalDataRetry,
  fourTimes180s,
  robustRetry,
  safeRetry,
  smartRetry,
  standardLimits,
} from '../tasks/policies.ts';
import { queues } from '../queues/names.ts';
import { routeAdaptive } from '../queues/adaptive.ts';
import { taskRow } from '../tasks/definition.ts';
import { longLimits } from '../tasks/time-limits.ts';
import { shownUrl } from '../imports/vocabulary.ts';
import { SECOND_MS } from '../values/units.ts';

const retried = { queue: queues.documentsDefault, limits: standardLimits, external: true } as const;

const priorityTask = (name: string): readonly string[] => [`celery_app.tasks.priority_tasks.${name}`, name];

export const operationsTasks = {
  criticalPaymentProcessing: taskRow<PaymentInput, PaymentOutput>()({
    name: 'operations.criticalPaymentProcessing',
    queue: queues.documentsCritical,
    priority: 10,
    purpose: 'Processes one payment, before everything else.',
    retry: fourTimes180s,
    limits: standardLimits,
    parameters: ['payment_id'],
    aliases: priorityTask('critical_payment_processing'),
    external: true,
  }),
  userNotification: taskRow<NotificationInput, NotificationOutput>()({
    name: 'operations.userNotification',
    queue: queues.documentsHighPriority,
    priority: 8,
    purpose: 'Notifies a user, with high priority.',
    retry: fourTimes180s,
    limits: standardLimits,
    parameters: ['user_id', 'message'],
    aliases: priorityTask('user_notification'),
    external: true,
  }),
  analyticsProcessing: taskRow<AnalyticsInput, AnalyticsOutput>()({
    name: 'operations.analyticsProcessing',
    queue: queues.documentsLowPriority,
    priority: 1,
    purpose: 'Processes data for analytics, with the lowest priority.',
    retry: fourTimes180s,
    limits: standardLimits,
    parameters: ['data'],
    aliases: priorityTask('analytics_processing'),
    external: true,
  }),
  adaptivePriorityTask: taskRow<AdaptiveInput, AdaptiveOutput>()({
    name: 'operations.adaptivePriorityTask',
    queue: queues.documentsDefault,
    purpose: 'Runs on the queue that its data decide.',
    retry: fourTimes180s,
    limits: standardLimits,
    parameters: ['task_type', 'data'],
    aliases: priorityTask('adaptive_priority_task'),
    external: true,
    route: (input) => routeAdaptive(dataOf(input)),
  }),
  timedTask: taskRow<TimedInput, TimedOutput>()({
    name: 'operations.timedTask',
    queue: queues.documentsDefault,
    purpose: 'Works for a while, and cleans up when its time is over.',
    retry: fourTimes180s,
    limits: {
      softMs: 240 * SECOND_MS,
      hardMs: 300 * SECOND_MS,
      heartbeatMs: 5 * SECOND_MS,
      reason: 'Soft 240 s, hard 300 s.',
    },
    parameters: ['data'],
    aliases: ['celery_app.best_practices.timed_task', 'timed_task'],
    external: true,
  }),
  longRunningTask: taskRow<LongRunningInput, LongRunningOutput>()({
    name: 'operations.longRunningTask',
    queue: queues.documentsLowPriority,
    purpose: 'Works through many items in chunks, stops between two of them and continues there.',
    retry: fourTimes180s,
    limits: longLimits,
    parameters: ['items'],
    aliases: ['backend.tasks.mingus_celery_tasks.long_running_task', 'long_running_task'],
    external: true,
  }),
  noteEffect: taskRow<EffectInput, EffectOutput>()({
    name: 'operations.noteEffect',
    queue: queues.documentsDefault,
    purpose: 'Has one small effect once for its key, many to an activity.',
    retry: { attempts: 5, delayMs: SECOND_MS, factor: 2, maxDelayMs: 10 * SECOND_MS, reason: 'Idempotent by its key.' },
    limits: standardLimits,
    parameters: ['key', 'work_ms'],
    external: true,
    batchable: true,
  }),
  processPayment: taskRow<PaymentInput, ProcessPaymentOutput>()({
    ...retried,
    name: 'operations.processPayment',
    purpose: 'Processes a payment once, whoever asks for it and however often.',
    retry: fourTimes180s,
    parameters: ['payment_id'],
    aliases: ['process_payment'],
  }),
  sendCommunication: taskRow<CommunicationInput, CommunicationOutput>()({
    ...retried,
    name: 'operations.sendCommunication',
    purpose: 'Sends a message to a user once for its key, or for its template and period.',
    retry: communicationRetry,
    parameters: ['user_id', 'message', 'key'],
    aliases: ['backend.tasks.mingus_celery_tasks.send_communication', 'send_communication'],
  }),
  incrementCounter: taskRow<CounterInput, CounterOutput>()({
    ...retried,
    name: 'operations.incrementCounter',
    purpose: 'Adds one to a counter, once, although adding is not repeatable.',
    retry: fourTimes180s,
    parameters: ['counter'],
    aliases: ['increment_counter'],
  }),
  cachedTask: taskRow<CachedInput, CachedOutput>()({
    ...retried,
    name: 'operations.cachedTask',
    purpose: 'Computes a result for a key, and keeps it for an hour.',
    retry: fourTimes180s,
    parameters: ['key'],
    aliases: ['celery_app.best_practices.cached_task', 'cached_task'],
  }),
  processEuData: taskRow<EuDataInput, EuDataOutput>()({
    name: 'operations.processEuData',
    queue: queues.documentsDefault,
    purpose: 'Processes data that must not leave eu-west.',
    retry: fourTimes180s,
    limits: standardLimits,
    parameters: ['data'],
    aliases: ['celery_app.tasks.geo_tasks.process_eu_data', 'process_eu_data'],
    external: true,
    residency: 'eu-west',
  }),
  circuitBreakerTask: taskRow<AskInput, AskOutput>()({
    name: 'operations.circuitBreakerTask',
    queue: queues.documentsDefault,
    purpose: 'Asks a service by HTTP, as long as it is not known to be away.',
    retry: fourTimes180s,
    limits: standardLimits,
    parameters: ['service_url'],
    aliases: ['celery_app.tasks.retry_strategies.circuit_breaker_task', 'circuit_breaker_task'],
    external: true,
    breaker: { key: serviceKey },
  }),
  processWithRetry: taskRow<ProcessInput, ProcessedOutput>()({
    ...retried,
    name: 'operations.processWithRetry',
    purpose: 'Processes data; an error is tried again after growing delays.',
    retry: smartRetry,
    parameters: ['data'],
    aliases: ['celery_app.tasks.retry_strategies.process_with_retry', 'process_with_retry'],
  }),
  conditionalRetry: taskRow<ConditionalInput, unknown>()({
    ...retried,
    name: 'operations.conditionalRetry',
    purpose: 'Gets JSON from a service; what it answers decides about the next attempt.',
    retry: conditionalHttpRetry,
    parameters: ['api_url'],
    aliases: ['celery_app.tasks.retry_strategies.conditional_retry', 'conditional_retry'],
  }),
  safeProcess: taskRow<ProcessInput, ProcessedOutput>()({
    ...retried,
    name: 'operations.safeProcess',
    purpose: 'Processes data, and tells errors apart before the retry rule does.',
    retry: safeRetry,
    parameters: ['data'],
    aliases: ['celery_app.tasks.error_handling.safe_process', 'safe_process'],
  }),
  gracefulDegradation: taskRow<DegradationInput, DegradationOutput>()({
    ...retried,
    name: 'operations.gracefulDegradation',
    purpose: 'Gets JSON from a service, or from another one where the first fails.',
    retry: degradationRetry,
    parameters: ['primary_service', 'fallback_service'],
    aliases: ['celery_app.tasks.error_handling.graceful_degradation', 'graceful_degradation'],
  }),
  robustTask: taskRow<ProcessInput, ProcessedOutput>()({
    ...retried,
    name: 'operations.robustTask',
    purpose: 'Processes data; connections are tried again more often than what nobody foresaw.',
    retry: robustRetry,
    parameters: ['data'],
    aliases: ['celery_app.best_practices.robust_task', 'robust_task'],
  }),
  robustConnectionTask: taskRow<ProcessInput, ProcessedOutput>()({
    ...retried,
    name: 'operations.robustConnectionTask',
    purpose: 'Processes data; connections alone are tried again.',
    retry: connectionRetry,
    parameters: ['data'],
    aliases: ['backend.tasks.mingus_celery_tasks.robust_task'],
  }),
  fetchExternalData: taskRow<ExternalInput, unknown>()({
    ...retried,
    name: 'operations.fetchExternalData',
    purpose: 'Gets JSON from a source; only a time-out is tried again.',
    retry: externalDataRetry,
    parameters: ['url'],
    aliases: ['app.tasks.data_tasks.fetch_external_data', 'fetch_external_data'],
  }),
} as const;

/** Returns the field `data` of an input that has not been validated. */
function dataOf(input: unknown): Record<string, unknown> {
  const data: unknown = typeof input === 'object' && input !== null && 'data' in input ? input.data : undefined;
  // Any object may be indexed by a string.
  return typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {};
}

/** Each service has its own breaker; secrets in a query stay out of the key. */
function serviceKey(input: unknown): string | undefined {
  const url: unknown =
    typeof input === 'object' && input !== null && 'service_url' in input ? input.service_url : undefined;
  return typeof url === 'string' && URL.canParse(url) ? shownUrl(new URL(url).href) : undefined;
}
