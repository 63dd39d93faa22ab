/** Settings of schedules. */
import { flag } from './entries.ts';

export const schedules = {
  /** Whether the local stack syncs schedules at its start. */
  sync: flag('SCHEDULES_SYNC', true, {
    doc: 'The local stack brings the server to the schedules of the folder `schedules/` when it starts.',
  }),
};
