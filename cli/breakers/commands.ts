import type { BreakerView } from '../../client/index.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { withServices, type CliContext } from '../terminal/context.ts';
import { printJson, printList } from '../terminal/output.ts';
import { userName } from '../terminal/user-name.ts';

/** Options of commands that change a breaker. */
export interface BreakerOptions {
  readonly reason: string;
  readonly by?: string;
  /** Seconds. */
  readonly for?: number;
  readonly json?: boolean;
}

const HEAD = ['provider', 'state', 'failures', 'waiting calls', 'next probe', 'asked to wait until', 'why', 'since'];

/** `perennial breakers list`: shows every provider that has failed. */
export function listBreakers(context: CliContext): Promise<number> {
  return withServices(context, async ({ client }) => {
    show(context, await client.breakers.list());
    return exitCodes.ok;
  });
}

/** `perennial breakers show`: one breaker with its changes, as JSON. */
export function showBreaker(context: CliContext, key: string): Promise<number> {
  return withServices(context, async ({ client }) => {
    printJson(context, await client.breakers.get(key));
    return exitCodes.ok;
  });
}

/** `perennial breakers open` and `close`. */
export function changeBreaker(
  context: CliContext,
  verb: 'open' | 'close',
  key: string,
  options: BreakerOptions,
): Promise<number> {
  return withServices(context, async ({ client: { breakers } }) => {
    const change = { reason: options.reason, by: options.by ?? userName() };
    const view =
      verb === 'close'
        ? await breakers.close(key, change)
        : await breakers.open(key, { ...change, ...(options.for === undefined ? {} : { forMs: options.for * 1000 }) });
    if (options.json === true) printJson(context, view);
    else show(context, [view]);
    return exitCodes.ok;
  });
}

function show(context: CliContext, breakers: readonly BreakerView[]): void {
  printList(context, { rows: breakers, head: HEAD, cells });
}

function cells(view: BreakerView): readonly string[] {
  const { key, state, failures, parked, nextProbeAt, throttledUntil, reason, since } = view;
  return [
    key,
    state,
    String(failures),
    String(parked),
    nextProbeAt ?? '',
    throttledUntil ?? '',
    reason ?? '',
    since ?? '',
  ];
}
