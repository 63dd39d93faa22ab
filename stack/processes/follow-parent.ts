/**
 * Runs the entry file of its argument as a supervised process. When the supervisor is killed, the channel to the child closes
 * and the child stops as if it had been asked to. This is an entry file and not an `--import`, because worker threads
 * inherit imports but not the TypeScript loader.
 */
import { pathToFileURL } from 'node:url';
import { PARENT_VARIABLE } from './child-env.ts';

const LONGEST_GOODBYE_MS = 30_000;

// A process that was started from the shell of a supervised process has the variable but another parent.
if (process.channel !== undefined && process.env[PARENT_VARIABLE] === String(process.ppid)) {
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), LONGEST_GOODBYE_MS).unref();
  });
  process.channel.unref(); // the channel must not keep a finished process alive
}

// The entry file becomes `argv[1]`, as if it had been started directly.
process.argv.splice(1, 1);
const entry = process.argv[1];
if (entry === undefined) throw new TypeError('expected the entry file to run, got no argument');
await import(pathToFileURL(entry).href);
