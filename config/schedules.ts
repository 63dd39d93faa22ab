/** Settings of schedules. */
import { flag, type ValuesOf } from './entries.ts';

export const scheduleEntries = {
  SCHEDULES_SYNC: flag(true, {
    doc: 'The local stack brings the server to the schedules of the folder `schedules/` when it starts.',
  }),
};

/** How schedules reach the server. */
export interface SchedulesConfig {
  /** At the start of the local stack. */
  readonly sync: boolean;
}

/** Groups the values of {@link scheduleEntries}. */
export function schedulesConfig(v: ValuesOf<typeof scheduleEntries>): SchedulesConfig {
  return { sync: v.SCHEDULES_SYNC };
}

/** The reverse of {@link schedulesConfig}. */
export function schedulesEnv(schedules: SchedulesConfig): Record<keyof typeof scheduleEntries, boolean> {
  return { SCHEDULES_SYNC: schedules.sync };
}
