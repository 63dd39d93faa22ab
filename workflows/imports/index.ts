/** The workflows of the imports domain, by name, and what they accept. */
export { dataImport } from './data-import.ts';
export { syncExternalData } from './sync-external-data.ts';
export { importShapes } from './shapes.ts';
