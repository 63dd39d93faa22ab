/** What tests of resets share: `temporal workflow reset` over the client, and work that stops where a test says. */
import { randomUUID } from 'node:crypto';
import proto from '@temporalio/proto';
import type { Activities } from '../../../activities/shell/activity.ts';
import type { TestTemporal } from '../../support/temporal.ts';

/** Where a run begins again: at its first workflow task, or after the last one that was completed. */
export type ResetPoint = 'first' | 'last';

const { EVENT_TYPE_WORKFLOW_TASK_COMPLETED } = proto.temporal.api.enums.v1.EventType;

/** Resets the newest run of a workflow id, as `temporal workflow reset` does; gives the id of the new run. */
export async function reset({ client }: TestTemporal, workflowId: string, point: ResetPoint): Promise<string> {
  const handle = client.workflow.getHandle(workflowId);
  const { runId } = await handle.describe();
  const { events } = await handle.fetchHistory();
  const tasks = (events ?? []).filter(({ eventType }) => eventType === EVENT_TYPE_WORKFLOW_TASK_COMPLETED);
  const request = {
    namespace: client.options.namespace,
    workflowExecution: { workflowId, runId },
    reason: 'by hand',
    requestId: randomUUID(),
    workflowTaskFinishEventId: tasks.at(point === 'first' ? 0 : -1)?.eventId ?? null,
  };
  const { runId: next } = await (client.workflowService.resetWorkflowExecution(request) as Promise<{ runId: string }>); // the generated types also know callbacks
  return next;
}

/** Closed when it is made; whoever passes waits until it is opened. */
export interface Gate {
  /** Resolves when somebody waits. */
  readonly reached: Promise<void>;
  pass(): Promise<void>;
  readonly open: () => void;
}

export function gate(): Gate {
  let open = (): void => undefined;
  let reach = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const reached = new Promise<void>((resolve) => (reach = resolve));
  return {
    reached,
    pass: () => {
      reach();
      return opened;
    },
    open: () => open(),
  };
}

/** The activities, with one that waits for something before its body. */
export function before(activities: Activities, name: string, first: (input: unknown) => Promise<unknown>): Activities {
  const body = activities[name];
  if (body === undefined) throw new TypeError(`expected an activity ${name}`);
  return {
    ...activities,
    [name]: async (input, facts) => {
      await first(input);
      return body(input, facts);
    },
  };
}
