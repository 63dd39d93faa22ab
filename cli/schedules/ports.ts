/** The port that only the commands of schedules use. */
import type { ScheduleLedger } from '../../services/schedules/port.ts';
import { createScheduleLedger } from '../../services/schedules/postgres.ts';
import type { CliRoot } from '../root.ts';
import type { CliContext, CliServices } from '../terminal/context.ts';

/** The port of schedules. */
export interface SchedulePorts {
  readonly scheduleLedger: Pick<ScheduleLedger, 'list'>;
}

/** What the commands of schedules use once connected. */
export type ScheduleServices = CliServices & SchedulePorts;

/** What one run of a command of schedules works with. */
export type ScheduleContext = CliContext<ScheduleServices>;

/** Builds the port over the database. */
export function openSchedulePorts({ database }: CliRoot): SchedulePorts {
  return { scheduleLedger: createScheduleLedger(database) };
}
