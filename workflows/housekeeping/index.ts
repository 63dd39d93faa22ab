/** The workflows of the housekeeping domain, by name, and what they accept. */
export { healthCheck } from './health-check.ts';
export { ping } from './ping.ts';
export { housekeepingShapes } from './shapes.ts';
