/** Restricts the state folder to its owner, because it holds histories, email, blobs and passwords. */
import { chmodSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** Permission bits of group and others. */
const OTHERS = 0o077;

/**
 * Makes the folder, removes the permissions of other users from its content, and sets the umask of this process and its
 * children so that only the owner can read new files.
 */
export function keepPrivate(folder: string): void {
  process.umask(OTHERS);
  mkdirSync(folder, { recursive: true });
  mend(folder);
}

function mend(file: string): void {
  const facts = lstatSync(file, { throwIfNoEntry: false });
  // The target of a link may belong to another user, so links are not followed.
  if (facts === undefined || facts.isSymbolicLink()) return;
  if ((facts.mode & OTHERS) !== 0 && isOurs(facts.uid)) chmodSync(file, facts.mode & ~OTHERS & 0o777);
  if (facts.isDirectory()) for (const name of readdirSync(file)) mend(path.join(file, name));
}

/** Root may change files of the PostgreSQL server's user. */
function isOurs(uid: number): boolean {
  const own = process.getuid?.();
  return own === 0 || own === uid;
}
