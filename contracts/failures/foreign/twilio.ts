/** What error numbers of Twilio mean, as data: the package need not be installed. */
import type { FailureType } from '../../failures.ts';

const BY_TYPE: { readonly [Type in FailureType]?: readonly number[] } = {
  // Account, credentials and rights; a sender that is not registered.
  BackendAuthFailed: [
    10001, 20003, 20005, 20006, 20008, 20101, 20103, 20104, 20107, 21408, 21606, 21660, 30002, 30034, 30035,
  ],
  // Requests, channels and daily limits.
  BackendThrottled: [14107, 20429, 21611, 30001, 30022, 30023, 51002, 63018, 63038],
  // Phones that are off, networks that fail, reasons that nobody tells.
  BackendUnavailable: [20503, 30003, 30008, 30017, 52110, 63013],
  BackendFailed: [20500],
  BackendTimeout: [20504, 30009],
  // Numbers and contents: no other attempt would help.
  BackendRejected: [
    ...[
      20001, 20002, 20404, 21201, 21210, 21211, 21212, 21214, 21217, 21601, 21602, 21603, 21604, 21605, 21608, 21610,
      21612,
    ],
    ...[21614, 21617, 21619, 21620, 30004, 30005, 30006, 30007, 30010, 30011, 30018, 30019, 30032],
  ],
};

const NUMBERS: ReadonlyMap<number, FailureType> = new Map(
  Object.entries(BY_TYPE).flatMap(([type, numbers]) => numbers.map((number) => [number, type as FailureType] as const)), // `entries` loses the types
);

/** Returns the failure that an error number of Twilio means; `undefined` for one that is not foreseen. */
export function twilioFailureType(number: number): FailureType | undefined {
  return NUMBERS.get(number);
}
