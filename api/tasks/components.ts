/** Names and examples of the shapes of tasks in the OpenAPI document. */
import { callLimitSchema } from '../../contracts/limits/schema.ts';
import { callOptionsShape, expiresSchema } from '../../contracts/tasks/schema.ts';
import { workerContractSchema } from './contracts.ts';
import { component, type Components } from '../http/components.ts';
import {
  executeBody,
  executedRegionalSchema,
  executedSchema,
  executeRegionalBody,
  retriedSchema,
  retryBody,
  revokeBody,
  revokedManySchema,
  revokedSchema,
  revokeManyBody,
  startedTaskSchema,
  startTaskBody,
  taskInfoSchema,
  taskListSchema,
} from './schemas.ts';

const call = { task: 'text.countWords', kwargs: { text: 'one two' } };
const id = 'words-17';
const contract = {
  name: 'texts.score',
  aliases: [],
  parameters: ['text'],
  queue: 'texts.python',
  retry: { attempts: 4, delayMs: 180_000 },
  limits: { softMs: 300_000, hardMs: 600_000, heartbeatMs: 5000 },
  sealOutput: false,
  input: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
  output: { type: 'number' },
};

export const taskComponents: Components = {
  StartOfTask: component(startTaskBody, { ...call, id, countdown: 60, tags: ['january'] }),
  StartedTask: component(startedTaskSchema, { id, task: call.task, priority: 5, queue: 'default', region: null }),
  Task: component(taskInfoSchema, {
    task_id: id,
    task_name: call.task,
    state: 'SUCCESS',
    result: { words: 2 },
    traceback: null,
    info: null,
    tenant: null,
    ready: true,
    successful: true,
    failed: false,
  }),
  WorkerContract: component(workerContractSchema, {
    language: 'python',
    queues: [{ queue: 'texts.python', slots: 20 }],
    tasks: [contract],
    failures: { InvalidInput: 'permanent' },
    sealed: { endings: ['password'], names: ['to'] },
  }),
  TaskContract: component(workerContractSchema.shape.tasks.element, contract),
  TaskState: component(taskInfoSchema.shape.state),
  TaskSummary: component(taskListSchema.shape.items.element, {
    task_id: id,
    task_name: call.task,
    tenant: null,
    state: 'SUCCESS',
    started_at: '2026-01-31T12:00:00.000Z',
  }),
  TaskExpiry: component(expiresSchema, 600),
  TaskRouting: component(callOptionsShape.routing.unwrap(), { urgent: true }),
  CallLimit: component(callLimitSchema, { key: 'api.example.com', concurrency: 4 }),
  Region: component(startedTaskSchema.shape.region.unwrap()),
  ExecutionOfTask: component(executeBody, { task_name: call.task, kwargs: call.kwargs, priority: 3 }),
  ExecutedTask: component(executedSchema, { task_id: id, task_name: call.task, priority: 3, queue: 'default' }),
  RegionalExecutionOfTask: component(executeRegionalBody, {
    task_name: call.task,
    kwargs: call.kwargs,
    region: 'eu-west',
  }),
  RegionallyExecutedTask: component(executedRegionalSchema, { task_id: id, region: 'eu-west' }),
  RevocationOfTask: component(revokeBody, { terminate: true }),
  RevokedTask: component(revokedSchema, { status: 'revoked', task_id: id, terminated: true }),
  RevocationOfTasks: component(revokeManyBody, { tag: 'january', terminate: false }),
  RevokedTasks: component(revokedManySchema, { status: 'revoked', matched: 12, terminated: false }),
  RetryOfTask: component(retryBody, {}),
  RetriedTask: component(retriedSchema, { task_id: 'words-17-again', retry_of: id }),
};
