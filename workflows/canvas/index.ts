/** The workflows of the canvas domain, by name, and what they accept. */
export { runCanvas } from './run.ts';
export { runCanvasPart } from './run-part.ts';
export { canvasShapes } from './shapes.ts';
