/** Keeps the state folder to its owner: histories, mail, blobs and passwords are nobody else's. */
import { chmodSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** Everything that is not the owner's. */
const OTHERS = 0o077;

/**
 * Makes the folder, takes from everybody else what is in it, and lets this process and all that it starts from now on
 * make files that only their owner can read, whatever the shell's umask.
 */
export function keepPrivate(folder: string): void {
  process.umask(OTHERS);
  mkdirSync(folder, { recursive: true });
  mend(folder);
}

function mend(file: string): void {
  const facts = lstatSync(file, { throwIfNoEntry: false });
  // The target of a link may be a folder of somebody else.
  if (facts === undefined || facts.isSymbolicLink()) return;
  if ((facts.mode & OTHERS) !== 0 && isOurs(facts.uid)) chmodSync(file, facts.mode & ~OTHERS & 0o777);
  if (facts.isDirectory()) for (const name of readdirSync(file)) mend(path.join(file, name));
}

/** Root may change what the user of the PostgreSQL server has. */
function isOurs(uid: number): boolean {
  const own = process.getuid?.();
  return own === 0 || own === uid;
}
