/** Runs the whole product on this machine, until Ctrl-C. */
import { loadConfigOrExit } from '../config/load.ts';
import { forceUtc } from '../config/process.ts';
import type { Config } from '../config/types.ts';
import { exitCodes } from '../contracts/values/exit-codes.ts';
import { type Reporter, terminalReporter } from './reporter.ts';
import type { StackAddresses } from './state.ts';
import { startStack, StackRunningError, type Stack } from './supervisor.ts';

/** Time within which a second signal counts as the same Ctrl-C, because a terminal and `npm` may both deliver it. */
const SAME_KEYSTROKE_MS = 500;

function links({ ui, api, docs, inbox, temporal }: StackAddresses): string {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['API', api],
    ['API docs', docs],
    ['Inbox', inbox],
    ['Temporal Web UI', ui],
    ['Temporal', temporal],
  ];
  return rows
    .flatMap(([name, address]) => (address === undefined ? [] : [`  ${name.padEnd(16)} ${address}`]))
    .join('\n');
}

/** What happens once the stack is ready, until it is stopped. */
export type StackWatch = (stack: Stack, config: Config, log: Reporter) => Disposable;

/**
 * Starts the stack, prints where it is, and stops it at the first signal; a second one kills it.
 *
 * @returns an exit code
 */
export async function runStack(whileRunning?: StackWatch): Promise<number> {
  forceUtc();
  const config = loadConfigOrExit();
  const log = await terminalReporter();
  const told = new AbortController();
  let stack: Stack | undefined;
  let toldAt: number | undefined;
  const onSignal = (): void => {
    if (toldAt === undefined) {
      toldAt = Date.now();
      told.abort(new Error('interrupted'));
    } else if (Date.now() - toldAt > SAME_KEYSTROKE_MS) {
      log.note('Killing everything');
      const killed = stack?.stop(true) ?? Promise.resolve();
      void killed.finally(() => process.exit(exitCodes.interrupted));
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);

  try {
    stack = await startStack({ config, log, signal: told.signal });
  } catch (error) {
    if (told.signal.aborted) {
      log.note('Interrupted; what had been started is stopped');
      return exitCodes.interrupted;
    }
    if (error instanceof StackRunningError && error.record !== undefined) {
      process.stdout.write(
        `Perennial runs already (process ${String(error.record.pid)}):\n${links(error.record.addresses)}\n`,
      );
      return 0;
    }
    log.failed(error instanceof Error ? error.message : String(error));
    return 1;
  }
  process.stdout.write(
    `\nPerennial is running. Press Ctrl-C to stop.\n${links(stack.addresses)}\n  Logs             ${config.stateDir}/logs\n\n`,
  );
  using _running = whileRunning?.(stack, config, log);
  if (!told.signal.aborted)
    await new Promise((resolve) => {
      told.signal.addEventListener('abort', resolve, { once: true });
    });
  log.step('Stopping; press Ctrl-C again to kill');
  await stack.stop();
  log.done('Stopped; the state is kept');
  return 0;
}
