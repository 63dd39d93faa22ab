/** What the status of an HTTP answer means. */
import type { FailureType } from '../../failures.ts';

const STATUSES: Readonly<Record<number, FailureType>> = {
  401: 'BackendAuthFailed',
  407: 'BackendAuthFailed',
  408: 'BackendTimeout',
  420: 'BackendThrottled', // of some services before 429 existed
  421: 'BackendUnavailable', // another connection may reach the right server
  423: 'BackendUnavailable', // locked
  425: 'BackendUnavailable', // too early
  429: 'BackendThrottled',
  501: 'BackendRejected', // not implemented
  504: 'BackendTimeout',
  505: 'BackendRejected', // version of HTTP
  509: 'BackendThrottled', // bandwidth
  511: 'BackendAuthFailed', // the network wants a login
  529: 'BackendThrottled', // overloaded
};

/** Returns the failure that a status means; `undefined` for one that is no error. */
export function httpFailureType(status: number, asksToWait = false): FailureType | undefined {
  if (!Number.isInteger(status) || status < 300 || status > 599) return undefined;
  if (status === 503 && asksToWait) return 'BackendThrottled';
  return STATUSES[status] ?? (status >= 500 ? 'BackendFailed' : 'BackendRejected');
}
