/** The example tasks of priorities, regions and time limits. */
import { setTimeout as sleep } from 'node:timers/promises';
import { taskSchemas } from '../../contracts/catalogue.schema.ts';
import type { EffectInput, EffectOutput } from '../../contracts/operations/schema.ts';
import { operationsTasks } from '../../contracts/operations/tasks.ts';
import { regionOf } from '../../contracts/queues/regions.ts';
import type { EffectLog } from '../../services/operations/port.ts';
import { shell, type ShellOptions, type TaskBody } from '../shell/shell.ts';
import { longRunningTask } from './long-running-task.ts';
import { createTimedTask } from './timed-task.ts';
import type { OperationsPorts } from './ports.ts';

/** Activities by task name. */
export function createOperationsActivities(
  ports: OperationsPorts,
  options: ShellOptions,
): Readonly<Record<string, (input: unknown) => Promise<unknown>>> {
  const tasks = operationsTasks;
  const { effects } = ports;
  return {
    [tasks.criticalPaymentProcessing.name]: shell(
      tasks.criticalPaymentProcessing,
      taskSchemas['operations.criticalPaymentProcessing'],
      async ({ payment_id }) => {
        await effects.once('payment', payment_id);
        return { status: 'completed', payment_id };
      },
      options,
    ),
    [tasks.userNotification.name]: shell(
      tasks.userNotification,
      taskSchemas['operations.userNotification'],
      async ({ user_id }, { workflowId }) => {
        // The same text may well be sent twice; the same call may not.
        await effects.once('notification', `${user_id}/${workflowId}`);
        return { status: 'sent' };
      },
      options,
    ),
    [tasks.analyticsProcessing.name]: shell(
      tasks.analyticsProcessing,
      taskSchemas['operations.analyticsProcessing'],
      () => Promise.resolve({ status: 'processed' }),
      options,
    ),
    [tasks.adaptivePriorityTask.name]: shell(
      tasks.adaptivePriorityTask,
      taskSchemas['operations.adaptivePriorityTask'],
      ({ task_type }, { queue }) => Promise.resolve({ status: 'processed', task_type, queue }),
      options,
    ),
    [tasks.timedTask.name]: shell(
      tasks.timedTask,
      taskSchemas['operations.timedTask'],
      createTimedTask(ports),
      options,
    ),
    [tasks.longRunningTask.name]: shell(
      tasks.longRunningTask,
      taskSchemas['operations.longRunningTask'],
      longRunningTask,
      options,
    ),
    [tasks.noteEffect.name]: noteEffect(effects, options),
    [tasks.processEuData.name]: shell(
      tasks.processEuData,
      taskSchemas['operations.processEuData'],
      (_input, { queue }) => Promise.resolve({ status: 'processed', region: regionOf(queue) ?? 'none' }),
      options,
    ),
  };
}

function noteEffect(effects: EffectLog, options: ShellOptions): (input: unknown) => Promise<unknown> {
  const work: TaskBody<EffectInput, EffectOutput> = async ({ key, work_ms = 0 }, { attempt, signal }) => {
    if (work_ms > 0) await sleep(work_ms, undefined, { signal });
    return { first: await effects.once('note', key), attempt };
  };
  return shell(operationsTasks.noteEffect, taskSchemas['operations.noteEffect'], work, options);
}
