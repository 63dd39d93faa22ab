import type { DataProcessor } from './port.ts';

/** Counts the fields of data; it stands where an application has its own work. */
export const countingProcessor: DataProcessor = {
  process: (data) => Promise.resolve({ fields: Object.keys(data).length }),
};
