/** How the command ends: what a script can rely on. Listed in `perennial --help`. */
export const exitCodes = {
  /** Done; with `--follow`, every document was read. */
  ok: 0,
  /** Some documents were not read, or the thing asked for does not exist or has failed. */
  failed: 1,
  /** The command line is wrong; nothing was started. */
  usage: 2,
  /** EX_UNAVAILABLE of sysexits.h: Perennial is not running or does not answer. */
  unavailable: 69,
  /** Ctrl-C while following; the batch goes on. */
  interrupted: 130,
} as const;
