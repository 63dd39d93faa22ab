/** Settings of the store of what tasks keep for a while. */
import { BYTES_PER_MB } from '../../contracts/values/units.ts';
import { isUrl, mapped, number, optional } from '../entries.ts';

const isRedisUrl = (value: string): boolean => isUrl(value, ['redis:', 'rediss:']) && new URL(value).hostname !== '';

export const cache = {
  redisUrl: optional('REDIS_URL', 'redis://user:password@host:port/number, or rediss:// with TLS', isRedisUrl, {
    doc: 'Redis for the entries of caches, and for nothing else. Unset: they are kept in PostgreSQL.',
    secret: true,
  }),
  maxBytes: mapped(
    number(
      'CACHE_MAX_MB',
      256,
      { min: 1, max: 1_000_000 },
      {
        doc: 'Size from which on PostgreSQL drops the entries of caches that were used longest ago; Redis has a setting of its own.',
        unit: 'MB',
      },
    ),
    (megabytes) => megabytes * BYTES_PER_MB,
  ),
};
