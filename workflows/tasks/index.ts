/** The workflows of the tasks domain, by name, and what they accept. */
export { runStreamedCalls } from './run-streamed-calls.ts';
export { runTask } from './run-task.ts';
export { taskShapes } from './shapes.ts';
