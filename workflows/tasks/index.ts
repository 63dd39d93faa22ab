/** The workflows of the tasks domain, by name. */
export { runCalls } from './run-calls.ts';
export { runTask } from './run-task.ts';
