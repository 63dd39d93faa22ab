/** Shows and sets the breakers of providers. */
import { z } from 'zod';
import { MAX_BREAKER_KEY } from '../../contracts/breakers/vocabulary.ts';
import type { BreakerRecords, BreakerView } from '../../contracts/breakers/view.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { DAY_MS } from '../../contracts/values/units.ts';
import { InvalidInput, validate } from '../connection/validate.ts';
import { perhaps } from '../connection/similar.ts';
import type { ClientContext } from '../domain.ts';
import type { BreakerControls } from './types.ts';

const SHOWN_CHANGES = 20;

const keySchema = z.string().trim().min(1).max(MAX_BREAKER_KEY);
const changeSchema = z.strictObject({
  reason: z.string().trim().min(1).max(300),
  by: z.string().trim().min(1).max(100).optional(),
});
const openSchema = changeSchema.extend({
  forMs: z
    .int()
    .min(1)
    .max(31 * DAY_MS)
    .optional(),
});

/** Binds breakers to the database; each method says so when the client was connected without. */
export function createBreakerControls({
  rpc,
  breakerRecords,
}: Pick<ClientContext, 'rpc' | 'breakerRecords'>): BreakerControls {
  const known = (): BreakerRecords => breakerRecords ?? missing();
  const author = (by: string | undefined): string => by ?? rpc.client.options.identity;
  const view = async (key: string): Promise<BreakerView> => {
    const records = known();
    return (
      (await records.find(key)) ??
      unknown(
        key,
        (await records.list()).map((other) => other.key),
      )
    );
  };
  return {
    list: async () => known().list(),
    get: async (given) => {
      const key = validate(keySchema, given, 'key');
      return { ...(await view(key)), changes: await known().changes(key, SHOWN_CHANGES) };
    },
    open: async (given, change) => {
      const key = validate(keySchema, given, 'key');
      const { reason, by, forMs } = validate(openSchema, change, 'change');
      await known().open(key, { reason, by: author(by) }, forMs);
      return view(key);
    },
    close: async (given, change) => {
      const key = validate(keySchema, given, 'key');
      const { reason, by } = validate(changeSchema, change, 'change');
      // An unknown key is told by the look that follows.
      await known().close(key, { reason, by: author(by) });
      return view(key);
    },
  };
}

function unknown(key: string, keys: readonly string[]): never {
  const some =
    keys.length === 0 ? 'the key of a provider that has failed; none has' : `one of ${keys.slice(0, 20).join(', ')}`;
  throw new PerennialError('UnknownBreaker', `key: expected ${some}${perhaps(key, keys)}, got '${key}'`);
}

function missing(): never {
  const expected = 'the breakers: pass `breakerRecords` to connectPerennial';
  throw new InvalidInput([{ field: 'breakerRecords', expected, got: 'none' }]);
}
