/** The command line tool: runs one command, and loads what the command needs only then. */
import { forceUtc, ownFilesOnly } from '../config/process.ts';
import { runCli } from './program.ts';

forceUtc();
ownFilesOnly(); // results and reports hold what others must not read
// A reader such as `head` closes the pipe early, which is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
const interrupted = new AbortController();
// A second Ctrl-C ends the process at once, because the handler runs only once.
process.once('SIGINT', () => interrupted.abort());
process.exitCode = await runCli(process.argv.slice(2), {
  connect: async () => (await import('./connect.ts')).connect(),
  openApplication: async () => {
    const { loadConfigOrExit } = await import('../config/load.ts');
    const { openApplicationOrExit } = await import('../application/open.ts');
    // A broken module of the application must not keep an operator from the others.
    return openApplicationOrExit({ ...loadConfigOrExit(), applicationFaults: 'report' });
  },
  restore: async (...given) => (await import('../services/housekeeping/backup/restore.ts')).restoreDatabase(...given),
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  signal: interrupted.signal,
});
