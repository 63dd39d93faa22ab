/** The keys of sealed values of a local stack. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../config/types.ts';
import { readKeyList } from '../contracts/values/sealed.ts';

const fileIn = (stateDir: string): string => path.join(stateDir, 'seal.keys');

/** The keys in a state folder; `undefined` where no stack has made any. */
function readSealKeys(stateDir: string): string | undefined {
  try {
    return checked(readFileSync(fileIn(stateDir), 'utf8').trim(), stateDir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined; // file errors carry a code
    throw error;
  }
}

/** The keys of a process on this machine: its own, else those of the local stack. */
export function sealKeysOf({ sealing, stateDir }: Config): string | undefined {
  return sealing.keys ?? readSealKeys(stateDir);
}

/** The keys in a state folder, made with the first start; for this user only. Without them, sealed values are lost. */
export function provideSealKeys(stateDir: string): string {
  const kept = readSealKeys(stateDir);
  if (kept !== undefined) return kept;
  mkdirSync(stateDir, { recursive: true });
  const made = `local-${randomBytes(4).toString('hex')}:${randomBytes(32).toString('base64')}`;
  // Never over a file that is there: the caller holds the lock of the folder.
  writeFileSync(fileIn(stateDir), `${made}\n`, { mode: 0o600, flag: 'wx' });
  return made;
}

function checked(list: string, stateDir: string): string {
  if (readKeyList(list) !== undefined) return list;
  throw new Error(
    `${fileIn(stateDir)}: expected keys of sealed values, got something else. ` +
      'Restore the file from a backup, or remove it: what was sealed with its keys is lost then.',
  );
}
