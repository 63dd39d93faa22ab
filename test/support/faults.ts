/** How fault tests kill: a process by its name, and only while the step that is meant is surely under way. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import pg from 'pg';
import type { TestStack } from './servers/stack.ts';

/** One activity of a workflow, as its history tells of it. */
export interface SeenActivity {
  readonly id: string;
  readonly input: unknown;
  /** Attempts until it ended; 0 while it has not. */
  readonly attempts: number;
  readonly completed: boolean;
}

/** An attempt that a worker is at. */
export interface RunningActivity {
  readonly id: string;
  /** Process id of the worker. */
  readonly pid: number;
  /** What it has told so far; `undefined` before it has. */
  readonly heartbeat: unknown;
}

/** What a fault test does to the product. */
export interface Faults {
  /** The process id of a part of the stack. */
  pidOf(name: string): number;
  /** Ends a part at once, as a crash would; the supervisor starts another in its place. */
  kill(...names: readonly string[]): void;
  /** Waits until an attempt at an activity of one of these names runs in a workflow. */
  untilStep(workflowId: string, ...steps: readonly string[]): Promise<void>;
  /** The activities of one name that a workflow has asked for. */
  activities(workflowId: string, name: string): Promise<readonly SeenActivity[]>;
  /** The activities of one name in a workflow that workers are at. */
  running(workflowId: string, name: string): Promise<readonly RunningActivity[]>;
  /** Holds everybody off a table, or only those who write, so that a step that needs it is under way until it is released. */
  lockTable(table: string, from?: 'everybody' | 'writers'): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** The faults of one running stack. */
export async function createFaults({ stack }: TestStack): Promise<Faults> {
  const connection = await Connection.connect({ address: stack.addresses.temporal });
  const client = new Client({ connection });
  const pidOf = (name: string): number => {
    const pid = stack.processes[name]?.pid;
    if (pid === undefined) throw new TypeError(`expected ${name} to run`);
    return pid;
  };
  return {
    pidOf,
    kill: (...names) => {
      for (const name of names) process.kill(pidOf(name), 'SIGKILL');
    },
    untilStep: (workflowId, ...steps) => untilStep(client, workflowId, steps),
    activities: (workflowId, name) => activities(client, workflowId, name),
    running: (workflowId, name) => running(client, workflowId, name),
    lockTable: (table, from) => lockTable(stack.addresses.database, table, from),
    close: () => connection.close(),
  };
}

async function untilStep(client: Client, workflowId: string, steps: readonly string[]): Promise<void> {
  const wanted = `expected ${workflowId} to reach ${steps.join(' or ')}`;
  for (let waited = 0; waited < 60_000; waited += 5) {
    const { raw } = await client.workflow.getHandle(workflowId).describe();
    const running = raw.pendingActivities?.filter(({ lastStartedTime }) => lastStartedTime) ?? [];
    if (running.some(({ activityType }) => steps.includes(activityType?.name ?? ''))) return;
    if (raw.workflowExecutionInfo?.closeTime) throw new TypeError(`${wanted} before it ended`);
    await sleep(5);
  }
  throw new TypeError(`${wanted} within 60 s, it did not`);
}

async function activities(client: Client, workflowId: string, name: string): Promise<readonly SeenActivity[]> {
  const events = (await client.workflow.getHandle(workflowId).fetchHistory()).events ?? [];
  const attempts = new Map<string, number>();
  const completed = new Set<string>();
  for (const { activityTaskStartedEventAttributes: start, activityTaskCompletedEventAttributes: end } of events) {
    if (start) attempts.set(String(start.scheduledEventId), start.attempt ?? 0);
    if (end) completed.add(String(end.scheduledEventId));
  }
  return events.flatMap(({ eventId, activityTaskScheduledEventAttributes: scheduled }) => {
    if (scheduled?.activityType?.name !== name) return [];
    const event = String(eventId);
    const input = firstOf(scheduled.input?.payloads);
    const id = scheduled.activityId ?? '';
    return [{ id, input, attempts: attempts.get(event) ?? 0, completed: completed.has(event) }];
  });
}

async function running(client: Client, workflowId: string, name: string): Promise<readonly RunningActivity[]> {
  const { raw } = await client.workflow.getHandle(workflowId).describe();
  const started = (raw.pendingActivities ?? []).filter(
    ({ activityType, lastStartedTime }) => activityType?.name === name && lastStartedTime,
  );
  return started.map(({ activityId, lastWorkerIdentity, heartbeatDetails }) => ({
    id: activityId ?? '',
    pid: Number(lastWorkerIdentity?.split('@')[0]),
    heartbeat: firstOf(heartbeatDetails?.payloads),
  }));
}

function firstOf(payloads: readonly Payload[] | null | undefined): unknown {
  const payload = payloads?.[0];
  return payload === undefined ? undefined : defaultPayloadConverter.fromPayload(payload);
}

async function lockTable(
  connectionString: string,
  table: string,
  from: 'everybody' | 'writers' = 'everybody',
): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined); // the server may be killed while we hold the lock
  await client.connect();
  await client.query('begin');
  await client.query(
    `lock table ${pg.escapeIdentifier(table)} in ${from === 'writers' ? 'share row' : 'access'} exclusive mode`,
  );
  return () => client.end().catch(() => undefined);
}
