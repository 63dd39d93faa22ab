/** The workflows of the housekeeping domain, by name. */
export { healthCheck } from './health-check.ts';
export { ping } from './ping.ts';
