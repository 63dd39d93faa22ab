import { PerennialError } from '../../contracts/failures.ts';
import type { DataFile, Profiled } from '../../services/data/port.ts';

/** Returns what is known of a file that was read. @throws PerennialError `DataFileUnread` */
export function requireRead({ profiled }: DataFile): Profiled {
  if (profiled !== undefined) return profiled;
  throw new PerennialError('DataFileUnread', 'fileId: expected a file that was read, got one that waits to be read');
}
