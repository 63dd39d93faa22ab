/** The workflows of the schedules domain, by name, and what they accept. */
export { runAtSolarEvent } from './run-at-solar-event.ts';
export { scheduleShapes } from './shapes.ts';
