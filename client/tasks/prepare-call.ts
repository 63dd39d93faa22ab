/** Checks a call completely before anything is started, and converts it to the start of a workflow. */
import { randomUUID } from 'node:crypto';
import type { WorkflowStartOptions } from '@temporalio/client';
import type { Priority } from '@temporalio/common';
import type { z } from 'zod';
import { checkJson } from '../../canvas/signature/json-check.ts';
import { withoutTypes } from '../../canvas/signature/typed-values.ts';
import { callOptionsSchema } from '../../contracts/tasks/schema.ts';
import { type CallFacts, idempotentTaskId, MAX_CALL_BYTES, MAX_CALL_DEPTH } from '../../contracts/tasks/calls.ts';
import type { AnyTask } from '../../contracts/catalogue.ts';
import { activityQueues, queueOf, schemasOf } from '../../contracts/register.schema.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { type CallLimit, limitsOfCall } from '../../contracts/limits/vocabulary.ts';
import { type PriorityLevels, priorityKey } from '../../contracts/queues/priorities.ts';
import { queues } from '../../contracts/queues/names.ts';
import { chooseRegion, type ChosenRegion, isRegion, regionalQueue, regionOf } from '../../contracts/queues/regions.ts';
import { instantOf } from '../../contracts/values/instant.ts';
import { marked, unmarked } from '../../contracts/values/sealed.ts';
import { routeTask } from '../../contracts/queues/routing.ts';
import { taskWorkflows } from '../../contracts/tasks/definition.ts';
import type { runTask } from '../../workflows/index.ts';
import { indexedAs } from '../connection/search-attributes.ts';
import { withFields } from '../connection/faults.ts';
import { type Fingerprint, FINGERPRINT_MEMO, fingerprintOf } from '../connection/fingerprint.ts';
import type { Rpc } from '../connection/rpc.ts';
import { perhaps } from '../connection/similar.ts';
import { requireTask } from './external.ts';
import { linkedStart, parseLinks } from './links.ts';
import { requireParking } from '../parked/options.ts';
import type { CallOptions } from './call-options.ts';
import { InvalidInput, validate } from '../connection/validate.ts';

/** Settings that calls are checked against. */
export interface CallRules extends Pick<Rpc, 'sealKeys'> {
  readonly priorityLevels: PriorityLevels;
  /** Returns the time in milliseconds since 1970. */
  readonly now: () => number;
}

/** A workflow whose arguments are checked elsewhere. */
export type AnyWorkflow = (...args: unknown[]) => Promise<unknown>;

/** A call that has passed every check. */
export interface PreparedCall {
  readonly id: string;
  readonly task: AnyTask;
  /** The input, marked where the task takes a sealed one. */
  readonly input: unknown;
  /** Queue, with the suffix of its region. */
  readonly queue: string;
  readonly priority: number;
  readonly region: ChosenRegion | undefined;
  /** Fingerprint of the content, by which a run with this id is recognised; `undefined` when the caller gave no id. */
  readonly fingerprint: Fingerprint | undefined;
  /** Facts that differ from the row of the task. */
  readonly facts: CallFacts;
  /** Name of the workflow that runs the call. */
  readonly workflow: string;
  readonly start: WorkflowStartOptions<AnyWorkflow>;
}

type Checked = ReturnType<typeof checkOptions>;

/**
 * Checks name, arguments and options.
 *
 * @throws InvalidInput, PerennialError `UnknownTask`, `UnknownQueue`, `PayloadTooLarge`, `ResidencyViolation`
 */
export function prepareCall(name: string, callInput: unknown, given: CallOptions, rules: CallRules): PreparedCall {
  const task = requireTask(name);
  const input = checkArguments(task, callInput);
  const options = checkOptions(given);
  const plain = unmarked(input);
  const { queue, priority, region } = placeOf(task, plain, options);
  const times = timesOf(task, options, rules.now());
  const facts = factsOf(task, queue, times, limitsOfCall(task, plain, options.tenant, options.limits), options);
  const { idempotencyKey } = options;
  const named = idempotencyKey === undefined ? options.id : idempotentTaskId(task.name, idempotencyKey);
  const id = named ?? randomUUID();
  const links = parseLinks(options.link, options.linkError, rules.now());
  // Time and queue are left out, because a repeated call often has another countdown.
  const content = { task: task.name, input, tenant: options.tenant, ...links };
  const fingerprint = named === undefined ? undefined : fingerprintOf(rules, content);
  const single = {
    workflow: taskWorkflows.runTask,
    args: [task.name, input, facts] satisfies Parameters<typeof runTask>,
  };
  const { workflow, args } = links === undefined ? single : linkedStart(task, input, facts, { ...links, id });
  const start: WorkflowStartOptions<AnyWorkflow> = {
    workflowId: id,
    taskQueue: queues.workflows,
    args,
    ...(times.delayMs === 0 ? {} : { startDelay: times.delayMs }),
    priority: serverPriority(priority, options.tenant, rules.priorityLevels),
    typedSearchAttributes: indexedAs({ task: task.name, root: id, tenant: options.tenant, tags: options.tags }),
    staticSummary: `${task.name} on ${queue}, priority ${priority}`,
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowIdConflictPolicy: 'FAIL',
    ...(fingerprint === undefined ? {} : { memo: { [FINGERPRINT_MEMO]: fingerprint.text } }),
  };
  return { id, task, input, queue, priority, region, fingerprint, facts, workflow, start };
}

/** Returns only the facts that differ from the task's row, so that starts stay small. */
function factsOf(
  task: AnyTask,
  queue: string,
  times: Times,
  limits: readonly CallLimit[],
  { tenant, headers, ignoreResult, onFailure, parkedFor }: Checked,
): CallFacts {
  const parkMs = requireParking(onFailure, parkedFor);
  return {
    ...(parkMs === undefined ? {} : { parkMs }),
    ...(queue === task.queue ? {} : { queue }),
    ...times.facts,
    ...(ignoreResult === true ? { ignoreResult } : {}),
    ...(limits.length === 0 ? {} : { limits }),
    ...(tenant === undefined ? {} : { tenant }),
    ...(headers === undefined ? {} : { headers }),
  };
}

/** Converts priority and tenant to the server's priority and fairness key. */
export function serverPriority(priority: number, tenant: string | undefined, levels: PriorityLevels): Priority {
  return { priorityKey: priorityKey(priority, levels), ...(tenant === undefined ? {} : { fairnessKey: tenant }) };
}

/**
 * Checks the input of a task: JSON, its size, its schema.
 *
 * @returns the input, in which values that kombu writes with their type are plain; marked where the task takes a sealed one
 * @throws InvalidInput, PerennialError `PayloadTooLarge`
 */
export function checkArguments(task: AnyTask, given: unknown): unknown {
  const input = checkedValue(given, 'input');
  validate(schemasOf(task).input, unmarked(input), 'input');
  return task.sealInput === true ? marked(input) : input;
}

/**
 * Checks a value that takes the place of the result of a task, in the same way.
 *
 * @returns the value; marked where the task gives a sealed one
 * @throws InvalidInput, PerennialError `PayloadTooLarge`
 */
export function checkResult(task: AnyTask, given: unknown): unknown {
  const value = checkedValue(given, 'value');
  validate(schemasOf(task).output, unmarked(value), 'value');
  return task.sealOutput === true ? marked(value) : value;
}

function checkedValue(given: unknown, key: 'input' | 'value'): unknown {
  const limits = { depth: MAX_CALL_DEPTH, entries: 1_000_000, values: 1_000_000, characters: Number.POSITIVE_INFINITY };
  const value = withFields(() => {
    checkJson(given, key, limits);
    return withoutTypes(given, { parent: undefined, key });
  });
  const size = Buffer.byteLength(JSON.stringify(value));
  if (size <= MAX_CALL_BYTES) return value;
  throw new PerennialError(
    'PayloadTooLarge',
    `${key}: expected at most ${MAX_CALL_BYTES} bytes as JSON, got ${size}. Store large content as a blob and pass its reference.`,
  );
}

/** Checks the options of a call; in headers, as in the input, values that kombu writes with their type become plain. */
function checkOptions(given: CallOptions): z.output<typeof callOptionsSchema> {
  const defined = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const { headers, ...options } = validate(callOptionsSchema, defined, 'options');
  if (headers === undefined) return options;
  return { ...options, headers: withFields(() => plainHeaders(headers)) };
}

type Headers = NonNullable<z.output<typeof callOptionsSchema>['headers']>;

function plainHeaders(headers: Headers): Headers {
  const place = { parent: { parent: undefined, key: 'options' }, key: 'headers' };
  return Object.fromEntries(
    Object.entries(headers).map(([key, value]) => [key, withoutTypes(value, { parent: place, key })]),
  );
}

interface Placing {
  readonly queue: string;
  readonly priority: number;
  readonly region: ChosenRegion | undefined;
}

function placeOf(task: AnyTask, input: unknown, options: Checked): Placing {
  const route = routeTask(task, input, options.routing);
  const priority = options.priority ?? route.priority;
  const wanted = options.region ?? task.residency;
  if (wanted !== undefined && options.queue === undefined) {
    const region = chooseRegion(wanted, task.residency);
    return { queue: regionalQueue(region.region), priority, region };
  }
  const queue = options.queue === undefined ? route.queue : requireQueue(task, options.queue);
  const region = regionOf(queue);
  if (task.residency !== undefined && region !== task.residency) chooseRegion(region ?? 'none', task.residency);
  return { queue, priority, region: region === undefined ? undefined : { region, fallback: false } };
}

/** Refuses a queue that no worker for the task serves, because the call would wait for ever. */
function requireQueue({ language }: AnyTask, name: string): string {
  const served = activityQueues().filter((queue) => queueOf(queue).language === language);
  const [base = '', region] = name.split('@');
  const known = region === undefined ? served.includes(name) : isRegion(region) && name === regionalQueue(region);
  if (known && base !== queues.system) return name;
  const open = served.filter((one) => one !== queues.system);
  throw new PerennialError(
    'UnknownQueue',
    `queue: expected one of ${open.join(', ')}${perhaps(name, open)}, got '${name.slice(0, 100)}'`,
  );
}

interface Times {
  readonly delayMs: number;
  readonly facts: Pick<CallFacts, 'softMs' | 'hardMs' | 'expiresAt'>;
}

function timesOf(task: AnyTask, options: Checked, now: number): Times {
  const delayMs = delayOf(options, now);
  const expiresAt = expiryOf(options.expires, now);
  if (expiresAt !== undefined && expiresAt <= now + delayMs)
    throw refused('options.expires', 'a time after the start', new Date(expiresAt).toISOString());
  const expiry = expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt).toISOString() };
  return { delayMs, facts: { ...limitsOf(task, options), ...expiry } };
}

function limitsOf(task: AnyTask, { softTimeLimit, hardTimeLimit }: Checked): Pick<CallFacts, 'softMs' | 'hardMs'> {
  const hard = hardTimeLimit ?? task.limits.hardMs / 1000;
  if (softTimeLimit !== undefined && softTimeLimit >= hard)
    throw refused('options.softTimeLimit', `less than the hard limit of ${hard} s`, `${softTimeLimit} s`);
  return {
    ...(softTimeLimit === undefined ? {} : { softMs: softTimeLimit * 1000 }),
    ...(hardTimeLimit === undefined ? {} : { hardMs: hardTimeLimit * 1000 }),
  };
}

function delayOf({ countdown, eta }: Checked, now: number): number {
  if (eta === undefined) return Math.round((countdown ?? 0) * 1000);
  const at = instantOf(eta);
  if (at < now)
    throw refused('options.eta', `a time from ${new Date(now).toISOString()} on`, new Date(at).toISOString());
  return at - now;
}

function expiryOf(expires: Checked['expires'], now: number): number | undefined {
  if (expires === undefined) return undefined;
  return typeof expires === 'number' ? now + expires * 1000 : instantOf(expires);
}

function refused(field: string, expected: string, got: string): InvalidInput {
  return new InvalidInput([{ field, expected, got }]);
}
