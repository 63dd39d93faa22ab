/**
 * Runs the entry file that its argument names, as a supervised process. When the supervisor is
 * killed it cannot stop anybody; the end of the channel between us tells the
 * child, which then ends as if it had been asked to. It is an entry and not an
 * `--import`, because worker threads inherit those, without what loads TypeScript.
 */
import { pathToFileURL } from 'node:url';
import { PARENT_VARIABLE } from './child-env.ts';

const LONGEST_GOODBYE_MS = 30_000;

// Started by hand from the shell of a supervised process, it has the variable but another parent.
if (process.channel !== undefined && process.env[PARENT_VARIABLE] === String(process.ppid)) {
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), LONGEST_GOODBYE_MS).unref();
  });
  process.channel.unref(); // being watched must not keep a finished process alive
}

// As if it had been started directly: from here on, the entry is `argv[1]`.
process.argv.splice(1, 1);
const entry = process.argv[1];
if (entry === undefined) throw new TypeError('expected the entry file to run, got no argument');
await import(pathToFileURL(entry).href);
