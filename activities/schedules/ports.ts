/** The ports of the schedules domain; composition roots supply them. */
import type { ScheduleLedger, ScheduleServer } from '../../services/schedules/port.ts';
import type { UserStore } from '../../services/users/port.ts';

/** All ports of the schedules domain. */
export interface SchedulePorts {
  readonly ledger: ScheduleLedger;
  readonly server: ScheduleServer;
  readonly users: Pick<UserStore, 'find'>;
  /**
   * Returns the current time in milliseconds.
   * @defaultValue the clock
   */
  readonly now?: () => number;
}
