/** Exit codes of processes and commands, on which supervisors and scripts rely; `perennial --help` lists those of commands. */
export const exitCodes = {
  /** Done; with `--follow`, every document was read. */
  ok: 0,
  /** Part of the work failed, or the requested object does not exist or has failed. */
  failed: 1,
  /** The command line is wrong, or what it asks for is refused; nothing was started. */
  usage: 2,
  /** EX_UNAVAILABLE of sysexits.h: Perennial is not running, does not answer, or refuses the start for now. */
  unavailable: 69,
  /** EX_CANTCREAT of sysexits.h: the id, key or name belongs to a job or schedule with other content; nothing was started. */
  conflict: 73,
  /** EX_CONFIG of sysexits.h: the configuration is wrong, so a supervisor must not start the process again. */
  config: 78,
  /** Ctrl-C; with `--follow`, the work itself continues. */
  interrupted: 130,
} as const;
