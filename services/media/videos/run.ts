/** Runs a program of ffmpeg to its end. */
import { spawn } from 'node:child_process';

/** What a program said, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Most characters of the output that are kept; what ffprobe tells of a film is a hundred times shorter. */
const MAX_OUTPUT = 1_000_000;

/**
 * Runs a program without input. Its errors are not kept, because they quote the film.
 *
 * @param onProcess - called with the id of the process, and with 0 when it has ended
 */
export function run(program: string, args: readonly string[], onProcess: (pid: number) => void): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    onProcess(child.pid ?? 0);
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      output = (output + part).slice(0, MAX_OUTPUT);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      onProcess(0);
      resolve({ code, output });
    });
  });
}
