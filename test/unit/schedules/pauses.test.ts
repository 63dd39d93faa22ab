import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { describe, expect, it } from 'vitest';
import { createRpc } from '../../../client/connection/rpc.ts';
import { pausesSince } from '../../../client/schedules/pauses.ts';

const { SchedulePatch } = proto.temporal.api.schedule.v1;

type Event = proto.temporal.api.history.v1.IHistoryEvent;
interface Asked {
  readonly execution: { readonly workflowId: string; readonly runId: string };
  readonly nextPageToken: Uint8Array | null;
}

const at = (second: number): Event => ({ eventTime: { seconds: 1_000 + second, nanos: 500_000_900 } as never }); // a plain number reads as its Long does
const signal = (second: number, signalName: string, patch: object): Event => ({
  ...at(second),
  workflowExecutionSignaledEventAttributes: {
    signalName,
    input: { payloads: [{ data: SchedulePatch.encode(patch).finish() }] },
  },
});
const began = (second: number, continuedExecutionRunId: string): Event => ({
  ...at(second),
  workflowExecutionStartedEventAttributes: { continuedExecutionRunId },
});

/** A server that has these pages of events, newest first, run by run. */
function serverWith(runs: Readonly<Record<string, readonly (readonly Event[])[]>>) {
  const asked: Asked[] = [];
  const client = {
    options: { namespace: 'default' },
    withDeadline: (_deadline: number, run: () => unknown) => run(),
    withAbortSignal: (_signal: AbortSignal, run: () => unknown) => run(),
    workflowService: {
      getWorkflowExecutionHistoryReverse: (request: Asked) => {
        asked.push(request);
        const page = request.nextPageToken?.[0] ?? 0;
        const pages = runs[request.execution.runId] ?? [];
        const more = page + 1 < pages.length;
        return Promise.resolve({
          history: { events: pages[page] },
          nextPageToken: more ? Uint8Array.of(page + 1) : new Uint8Array(),
        });
      },
    },
  };
  return { asked, rpc: createRpc(client as unknown as Client, 'test', 1000) }; // the part of it that is used
}

const since = (second: number): string => new Date((1_000 + second) * 1000).toISOString();
const time = (second: number): string => new Date((1_000 + second) * 1000 + 500).toISOString();

describe('pauses as the scheduler of the server remembers them', () => {
  const runs = {
    '': [
      [at(90), signal(80, 'patch', { unpause: 'on' })],
      [signal(70, 'update', { pause: 'other' }), began(60, 'old')],
    ],
    old: [[signal(50, 'patch', { triggerImmediately: {} }), signal(40, 'patch', { pause: 'off' })], [began(10, '')]],
  };

  it('are read backwards over pages and runs, and given oldest first', async () => {
    const { rpc, asked } = serverWith(runs);
    expect(await pausesSince(rpc, 'nightly', since(0))).toEqual([
      { at: time(40), paused: true, note: 'off' },
      { at: time(80), paused: false, note: 'on' },
    ]);
    expect(asked).toHaveLength(4);
    expect(asked[0]?.execution.workflowId).toBe('temporal-sys-scheduler:nightly');
  });

  it('are read no further than asked for', async () => {
    const { rpc, asked } = serverWith(runs);
    expect(await pausesSince(rpc, 'nightly', since(85))).toEqual([]);
    expect(asked).toHaveLength(1);
    expect(await pausesSince(rpc, 'nightly', time(40))).toEqual([{ at: time(80), paused: false, note: 'on' }]);
  });
});
