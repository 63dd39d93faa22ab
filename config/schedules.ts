/** Settings of schedules. */
import { flag } from './entries.ts';

export const schedules = {
  /** At the start of the local stack. */
  sync: flag('SCHEDULES_SYNC', true, {
    doc: 'The local stack brings the server to the schedules of the folder `schedules/` when it starts.',
  }),
};
