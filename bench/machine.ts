/** Describes the machine and the software of a measurement. */
import { availableParallelism, cpus, loadavg, release, totalmem, type as system } from 'node:os';
import { findTemporal } from '../stack/temporal/binary.ts';
import { linesOf } from './commands.ts';

const GB = 1024 ** 3;

/** Returns the cores, the memory and the versions of all software that takes part, in one line. */
export async function describeMachine(root: string): Promise<string> {
  const [temporal, tesseract, ocrmypdf, commit, changes] = await Promise.all([
    findTemporal({ log: () => undefined }),
    linesOf('tesseract', ['--version']),
    linesOf('ocrmypdf', ['--version']),
    linesOf('git', ['-C', root, 'rev-parse', '--short', 'HEAD']),
    linesOf('git', ['-C', root, 'status', '--porcelain']),
  ]);
  const dirty = changes.some((line) => line !== '') ? ' with uncommitted changes' : '';
  return [
    `${String(availableParallelism())} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${(totalmem() / GB).toFixed(0)} GB`,
    `${system()} ${release()}`,
    `Node ${process.versions.node}`,
    `Temporal server ${temporal.server}`,
    tesseract[0] ?? 'no tesseract',
    ocrmypdf[0] === undefined ? 'no OCRmyPDF' : `OCRmyPDF ${ocrmypdf[0]}`,
    `Perennial ${commit[0] ?? 'unknown'}${dirty}`,
  ].join('; ');
}

/** Returns the load of the last minute; figures from a busy machine are not reliable. */
export function load(): { readonly value: number; readonly busy: boolean } {
  const value = loadavg()[0] ?? 0;
  return { value, busy: value > availableParallelism() / 2 };
}
