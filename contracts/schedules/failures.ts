/** Failures of the schedules domain. */
import type { FailureRule } from '../failures/rule.ts';

export const scheduleFailures = {
  ScheduleConflict: {
    class: 'permanent',
    httpStatus: 409,
    cause: 'A schedule of this name exists already, with another definition.',
    remedy: 'Choose another name, or update the schedule that exists.',
  },
  ScheduleForeign: {
    class: 'permanent',
    httpStatus: 409,
    cause: 'The server has a schedule of this name that was not made by Perennial.',
    remedy: 'Choose another name; change the other schedule with the tool that made it.',
  },
  ScheduleFromCode: {
    class: 'permanent',
    httpStatus: 409,
    cause: 'The schedule is written in the folder schedules/; the next sync would undo a change made elsewhere.',
    remedy: 'Change its entry there and run `perennial schedules sync`, or pause it.',
  },
} as const satisfies Readonly<Record<string, FailureRule>>;
