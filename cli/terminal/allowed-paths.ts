/** Refuses files that workers would refuse, so that the command itself fails and nothing is started. */
import { PerennialError } from '../../contracts/failures.ts';
import { confinePath } from '../../services/files/confine.ts';
import { type CliServices, UsageError } from './context.ts';

/**
 * Checks absolute paths against the folders of the stack of this machine. Workers elsewhere judge for themselves.
 *
 * @throws UsageError a path lies outside, or does not exist
 */
export async function requireAllowed(
  { documentRoots }: Pick<CliServices, 'documentRoots'>,
  paths: readonly string[],
): Promise<void> {
  if (documentRoots === undefined) return;
  for (const entry of paths) {
    await confinePath(entry, documentRoots).catch((error: unknown) => {
      throw error instanceof PerennialError ? new UsageError(error.message) : error;
    });
  }
}
