/** The workflows of the tasks domain, by name. */
export { runStreamedCalls } from './run-streamed-calls.ts';
export { runTask } from './run-task.ts';
