/** Refuses files that workers would refuse, so that the command itself fails and nothing is started. */
import { PerennialError } from '../../contracts/failures.ts';
import { type CliServices, UsageError } from './context.ts';

/**
 * Checks absolute paths against the folders of the stack of this machine. Workers elsewhere judge for themselves.
 *
 * @throws UsageError a path lies outside, or does not exist
 */
export async function requireAllowed(
  { requireReadable }: Pick<CliServices, 'requireReadable'>,
  paths: readonly string[],
): Promise<void> {
  for (const entry of paths) {
    await requireReadable?.(entry).catch((error: unknown) => {
      throw error instanceof PerennialError ? new UsageError(error.message) : error;
    });
  }
}
