/** The workflows of the schedules domain, by name. */
export { runAtSolarEvent } from './run-at-solar-event.ts';
