/** The workflows of the canvas domain, by name. */
export { runCanvas } from './run.ts';
export { runCanvasPart } from './run-part.ts';
