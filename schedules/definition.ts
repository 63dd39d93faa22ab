/** Compares definitions by a hash. */
import { createHash } from 'node:crypto';
import type { ScheduleDefinition } from '../contracts/schedules/vocabulary.ts';

/** Returns a short hash over everything that a definition contains, whatever the order of its keys. */
export function hashDefinition(definition: ScheduleDefinition): string {
  return createHash('sha256').update(canonical(definition)).digest('hex').slice(0, 16);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(',')}}`;
}
