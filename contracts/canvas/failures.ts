/** Failures of the canvas domain. */
import type { FailureRule } from '../failures/rule.ts';

export const canvasFailures = {
  ChordError: {
    class: 'permanent',
    cause: 'A member of the header of a chord failed, so its body did not run.',
    remedy: 'The message names the member and its error: mend that and start again.',
  },
  JoinFailed: {
    class: 'permanent',
    cause: 'Fewer members of a group or header succeeded than its join policy asks for.',
    remedy: 'The message says how many did, and why the first one did not: mend that, or ask for fewer.',
  },
  TaskRevoked: {
    class: 'permanent',
    cause: 'This part of the canvas was revoked.',
    remedy: 'Run the failed members again if they are still wanted: `perennial canvas retry ID`.',
  },
  RunNotOver: {
    class: 'permanent',
    httpStatus: 409,
    cause: 'The run is still going on, so it is not known what would have to be run again.',
    remedy: 'Wait for its end, or cancel it first.',
  },
  NothingFailed: {
    class: 'permanent',
    httpStatus: 409,
    cause: 'Nothing of the run failed, was revoked or was left out.',
    remedy: 'Start a new one if the same work is wanted again.',
  },
  MemberOfCanvas: {
    class: 'permanent',
    httpStatus: 409,
    cause:
      'The task is a call of a canvas, and a canvas repeats its calls itself, because others wait for their results.',
    remedy: 'Run again what failed of the canvas that the message names: `perennial canvas retry RUN`.',
  },
  ApprovalRejected: {
    class: 'permanent',
    cause: 'A person rejected what a canvas asked for; the message says who and why.',
    remedy: 'Change what was rejected and start the canvas again.',
  },
  ApprovalTimedOut: {
    class: 'permanent',
    cause: 'Nobody decided about a step of a canvas in time.',
    remedy: 'Start it again with a longer timeout, or say with onTimeout what should happen then.',
  },
} as const satisfies Readonly<Record<string, FailureRule>>;
