/** The workflows of the imports domain, by name. */
export { dataImport } from './data-import.ts';
export { syncExternalData } from './sync-external-data.ts';
