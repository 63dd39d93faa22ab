/** A log of attempts that nobody reads. */
import type { AttemptLog } from '../../activities/shell/attempt-log.ts';

const nothing = (): void => undefined;

export const silentLog: AttemptLog = {
  started: nothing,
  succeeded: nothing,
  failed: nothing,
  revoked: nothing,
  body: { debug: nothing, info: nothing, warn: nothing, error: nothing },
};
