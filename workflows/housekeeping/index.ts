/** The workflows of the housekeeping domain, by name. */
export { healthCheck } from './health-check.ts';
