/** The example tasks of priorities, regions and time limits: one body for each row of `contracts/operations/tasks.ts`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type ProcessedOutput, type ProcessInput, operationsTaskSchemas } from '../../contracts/operations/schema.ts';
import { degrade } from '../../contracts/failures/degrade.ts';
import { operationsTasks } from '../../contracts/operations/tasks.ts';
import { regionOf } from '../../contracts/queues/regions.ts';
import { activitiesOf } from '../shell/activities-of.ts';
import type { TaskBody } from '../shell/task-body.ts';
import { cachedTask } from './cached-task.ts';
import { createCircuitBreakerTask } from './ask-task.ts';
import { getJson } from './get-json.ts';
import { longRunningTask } from './long-running-task.ts';
import { createIncrementCounter, createProcessPayment, createSendCommunication } from './once-tasks.ts';
import type { OperationsPorts } from './ports.ts';
import { createSafeProcess } from './safe-process.ts';
import { createTimedTask } from './timed-task.ts';

/** Processes data; the retry rule of each task says what follows an error. */
function processed({ processor }: OperationsPorts): TaskBody<ProcessInput, ProcessedOutput> {
  return async ({ data }) => ({ status: 'processed', ...(await processor.process(data)) });
}

/** Creates the activities of the example tasks. Every one may run twice. */
export const createOperationsActivities = activitiesOf(
  operationsTasks,
  operationsTaskSchemas,
  (ports: OperationsPorts) => ({
    criticalPaymentProcessing: async ({ payment_id }) => {
      await ports.effects.once('payment', payment_id);
      return { status: 'completed', payment_id };
    },
    userNotification: async ({ user_id }, { workflowId }) => {
      // The same text may be sent twice on purpose, the same call may not, so the key is the call's workflow id.
      await ports.effects.once('notification', `${user_id}/${workflowId}`);
      return { status: 'sent' };
    },
    analyticsProcessing: () => Promise.resolve({ status: 'processed' }),
    adaptivePriorityTask: ({ task_type }, { queue }) => Promise.resolve({ status: 'processed', task_type, queue }),
    timedTask: createTimedTask(ports),
    longRunningTask,
    noteEffect: async ({ key, work_ms = 0 }, { attempt, signal }) => {
      if (work_ms > 0) await sleep(work_ms, undefined, { signal });
      return { first: await ports.effects.once('note', key), attempt };
    },
    processPayment: createProcessPayment(ports),
    sendCommunication: createSendCommunication(ports),
    incrementCounter: createIncrementCounter(ports),
    cachedTask,
    processEuData: (_input, { queue }) => Promise.resolve({ status: 'processed', region: regionOf(queue) ?? 'none' }),
    circuitBreakerTask: createCircuitBreakerTask(ports),
    processWithRetry: processed(ports),
    safeProcess: createSafeProcess(ports),
    robustTask: processed(ports),
    robustConnectionTask: processed(ports),
    conditionalRetry: ({ api_url }, { signal }) => getJson(ports.downloader, api_url, signal),
    fetchExternalData: ({ url }, { signal }) => getJson(ports.downloader, url, signal),
    gracefulDegradation: ({ primary_service, fallback_service }, context) => {
      const ask = (url: string) => (): Promise<unknown> => getJson(ports.downloader, url, context.signal);
      return degrade(ask(primary_service), ask(fallback_service), context);
    },
  }),
);
