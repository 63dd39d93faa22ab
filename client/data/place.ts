import { createHash } from 'node:crypto';

/**
 * Returns the folder in the store for what a user uploads. It names nobody, and no other user has the same: so whoever
 * names a file of it can only be given that of their own.
 */
export function uploadPlace(userId: string, tenant: string | undefined): string {
  const owner = createHash('sha256')
    .update(JSON.stringify([tenant ?? null, userId]))
    .digest('hex');
  return `data/uploads/${owner.slice(0, 32)}`;
}
