/** The workflows of dead letters, by name, and what they accept. */
export { redriveLetters } from './redrive-letters.ts';
export { deadLetterShapes } from './shapes.ts';
