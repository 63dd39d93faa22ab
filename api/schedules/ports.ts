/** The port that only the routes of schedules use. */
import type { ScheduleLedger } from '../../services/schedules/port.ts';
import { createScheduleLedger } from '../../services/schedules/postgres.ts';
import type { ApiRoot } from '../root.ts';
import type { ApiServices } from '../services.ts';

/** The port of schedules. */
export interface SchedulePorts {
  readonly scheduleLedger: Pick<ScheduleLedger, 'list'>;
}

/** What the handlers of schedules may use. */
export type ScheduleServices = ApiServices & SchedulePorts;

/** Builds the port over the database. */
export function openSchedulePorts({ database }: ApiRoot): SchedulePorts {
  return { scheduleLedger: createScheduleLedger(database) };
}
