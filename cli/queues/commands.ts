import type { QueueChange, QueueControls, QueueView } from '../../client/index.ts';
import { parseRate } from '../../contracts/queues/rates.ts';
import { UsageError, withServices, type CliContext } from '../terminal/context.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { note, printJson, printList } from '../terminal/output.ts';
import { userName } from '../terminal/user-name.ts';

type Verb = 'pause' | 'resume' | 'drain';

/** Options of commands that change a queue. */
export interface ChangeOptions {
  readonly reason: string;
  readonly by?: string;
  readonly json?: boolean;
}

/** `perennial queues list`: shows the state of every queue. */
export function listQueues(context: CliContext): Promise<number> {
  return withServices(context, async ({ client }) => {
    const queues = await client.queues.list();
    show(context, queues);
    return exitCodes.ok;
  });
}

function show(context: CliContext, queues: readonly QueueView[]): void {
  const head = ['queue', 'state', 'priority', 'rate', 'rate set by', 'backlog', 'workers', 'why', 'who'];
  printList(context, { rows: queues, head, cells });
}

function cells(view: QueueView): readonly string[] {
  const { name, state, priority, rate, rateBy, rateReason, backlog, workers, reason, by } = view;
  return [
    name,
    state,
    String(priority),
    rate ?? '',
    [rateBy, rateReason].filter((text) => text !== null).join(': '),
    String(backlog),
    String(workers),
    reason ?? '',
    by ?? '',
  ];
}

const changes: Readonly<
  Record<Verb, (queues: QueueControls, name: string, change: QueueChange) => Promise<QueueView>>
> = {
  pause: (queues, name, change) => queues.pause(name, change),
  resume: (queues, name, change) => queues.resume(name, change),
  drain: (queues, name, change) => queues.drain(name, change),
};

/** `perennial queues pause`, `resume` and `drain`: changes the state of one queue. */
export function changeQueue(
  context: CliContext,
  verb: Verb,
  name: string,
  options: ChangeOptions & { readonly wait?: boolean },
): Promise<number> {
  return withServices(context, async ({ client }) => {
    const change = { reason: options.reason, by: options.by ?? userName() };
    const { queues } = client;
    let view = await changes[verb](queues, name, change);
    if (options.wait === true) {
      note(context, `waiting until ${name} is empty`);
      await queues.untilEmpty(name, { signal: context.signal });
      view = await queues.get(name);
    }
    if (options.json === true) printJson(context, view);
    else show(context, [view]);
    return exitCodes.ok;
  });
}

/** `perennial queues rate`: sets or removes a rate limit. */
export function setQueueRate(context: CliContext, name: string, text: string, options: ChangeOptions): Promise<number> {
  const rate = text === 'default' ? null : parseRate(text);
  if (rate === undefined) throw new UsageError(`expected a rate like 10/s, 100/m or 5/h, or default, got '${text}'`);
  return withServices(context, async ({ client }) => {
    const view = await client.queues.setRate(name, rate, { reason: options.reason, by: options.by ?? userName() });
    if (options.json === true) printJson(context, view);
    else show(context, [view]);
    return exitCodes.ok;
  });
}
