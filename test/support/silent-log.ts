/** Logs that nobody reads. */
import type { AttemptLog } from '../../activities/shell/attempt-log.ts';

const nothing = (): void => undefined;

/** A log of attempts. */
export const silentLog: AttemptLog = {
  started: nothing,
  succeeded: nothing,
  failed: nothing,
  revoked: nothing,
  body: { debug: nothing, info: nothing, warn: nothing, error: nothing },
};

/** A logger of a process that nobody reads. */
export const silentLogger = { info: nothing, warn: nothing, error: nothing };

/** A logger of Temporal's SDK that nobody reads, because expected failures would fill the output of tests. */
export const silentTemporal = {
  log: nothing,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
};
