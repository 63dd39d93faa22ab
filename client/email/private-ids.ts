/** Ids of jobs that tell nobody whom they are about: they are made with the key of sealed values. */
import { PerennialError } from '../../contracts/failures.ts';
import { NotFound } from '../connection/errors.ts';
import type { Rpc } from '../connection/rpc.ts';

/**
 * The id of the job about something: the same each time, also of a job that was begun before the keys were rotated.
 *
 * @param about - what nobody can guess without the key
 * @param idOf - makes an id from a name of 32 hexadecimal digits
 * @throws PerennialError `SealKeyMissing`
 */
export async function privateId(rpc: Rpc, about: string, idOf: (name: string) => string): Promise<string> {
  if (rpc.sealKeys === undefined)
    throw new PerennialError('SealKeyMissing', 'sealKeys: expected the keys of the workers, got none');
  const [first, ...former] = rpc.sealKeys.namesOf(about);
  for (const name of former) if (await isKnown(rpc, idOf(name))) return idOf(name);
  return idOf(first);
}

async function isKnown(rpc: Rpc, id: string): Promise<boolean> {
  try {
    await rpc.call(id, (client) => client.workflow.getHandle(id).describe());
    return true;
  } catch (error) {
    if (error instanceof NotFound) return false;
    throw error;
  }
}
