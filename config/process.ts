/** Settings of the process itself, which are the same in every process. */

/** Sets the time zone of this process to UTC, so that dates are the same on every machine. */
export function forceUtc(): void {
  process.env['TZ'] = 'UTC';
}

/** Restricts files that this process makes to its user, whatever the umask of the shell. */
export function ownFilesOnly(): void {
  process.umask(0o077);
}
