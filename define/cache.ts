/** Caches: what bodies of tasks keep for a while. */
import { CACHE_KIND, CACHE_TTL_SECONDS, type DefinedCache, ttlFault } from '../contracts/cache/definition.ts';
import { faultText, fieldFaults } from '../contracts/values/field-faults.ts';
import { type OutputOfSchema, type StandardSchema, toZod } from './standard-schema.ts';

/** What {@link defineCache} is told. */
export interface CacheOptions<KeySchema extends StandardSchema, ValueSchema extends StandardSchema> {
  /** Name under which entries stand, for example `shop.prices`. */
  readonly name: string;
  /** What entries are found by: a text, or any other JSON. */
  readonly key: KeySchema;
  /** What is kept, as JSON. An entry that it does not accept, as after a change of it, is no hit. */
  readonly value: ValueSchema;
  /** Longest time for which an entry is kept, in seconds, at most 30 days. @defaultValue 3600 */
  readonly ttlSeconds?: number | undefined;
  /** Tags of the entry of a key, by which many entries are forgotten at once. @defaultValue none */
  readonly tags?: ((key: OutputOfSchema<KeySchema>) => readonly string[]) | undefined;
}

/**
 * Defines a cache, which bodies of tasks use by `cache.of`. Entries are kept in PostgreSQL, or in Redis with `REDIS_URL`;
 * those of one tenant are found by no other.
 *
 * @throws TypeError `name` is no text, `key` or `value` no schema, or `ttlSeconds` no time
 *
 * @example
 * ```ts
 * import { z } from 'zod';
 * import { defineCache, defineTask } from './define/index.ts';
 *
 * declare function askSupplier(sku: string, signal: AbortSignal): Promise<{ cents: number }>;
 *
 * const prices = defineCache({
 *   name: 'shop.prices',
 *   key: z.object({ sku: z.string() }),
 *   value: z.object({ cents: z.int() }),
 *   ttlSeconds: 300,
 *   tags: ({ sku }) => [`sku/${sku}`],
 * });
 *
 * export const findPrice = defineTask(
 *   { name: 'shop.findPrice', input: z.object({ sku: z.string() }), output: z.object({ cents: z.int() }) },
 *   ({ sku }, { cache }) => cache.of(prices).getOrLoad({ sku }, ({ signal }) => askSupplier(sku, signal)),
 * );
 * ```
 */
export function defineCache<KeySchema extends StandardSchema, ValueSchema extends StandardSchema>({
  name,
  key,
  value,
  ttlSeconds = CACHE_TTL_SECONDS,
  tags = () => [],
}: CacheOptions<KeySchema, ValueSchema>): DefinedCache<OutputOfSchema<KeySchema>, OutputOfSchema<ValueSchema>> {
  if (typeof name !== 'string' || name === '') throw new TypeError(`name: expected a text, got ${typeof name}`);
  const fault = ttlFault(ttlSeconds);
  if (fault !== undefined) throw new TypeError(`cache ${name}: ${fault}`);
  const keys = toZod(key, `cache ${name}: key`);
  const values = toZod(value, `cache ${name}: value`);
  return {
    kind: CACHE_KIND,
    name,
    ttlSeconds,
    requireKey: (given) => {
      const { error } = keys.safeParse(given);
      if (error === undefined) return;
      // Keys may hold what no history may show.
      const faults = fieldFaults(error.issues, given, { hideValues: true });
      throw new TypeError(`cache ${name}: key: ${faults.map(faultText).join('; ')}`);
    },
    tagsOf: tags,
    read: (kept) => {
      const { success, data } = values.safeParse(kept);
      // `as` is safe: the schema has accepted it.
      return success ? { value: data as OutputOfSchema<ValueSchema> } : undefined;
    },
  };
}
