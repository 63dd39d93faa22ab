/** Asks the provider what became of messages of which it has told no end. */
import type { Database } from '../database/pool.ts';
import { toTextFailure } from './errors.ts';
import type { MessageNews, TextProvider, Unsettled, UnsettledCounts } from './port.ts';

/** What {@link createUnsettled} needs. */
export interface UnsettledOptions {
  readonly database: Database;
  readonly provider: Pick<TextProvider, 'look' | 'concurrency'>;
  readonly news: Pick<MessageNews, 'status'>;
}

/** Ends of messages: no news follows them. */
const FINAL = `('delivered', 'undelivered', 'failed')`;

/**
 * A quarter of an hour after the message, then after half an hour, an hour and so on, up to six hours; news usually comes
 * within seconds. What has no end after a week gets none.
 */
const DUE = `provider_sid is not null and (delivery is null or delivery not in ${FINAL})
  and created_at > now() - interval '7 days'
  and coalesce(looked_at, accepted_at, created_at)
    < now() - least(interval '15 minutes' * power(2, looks), interval '6 hours')`;

interface OpenRow {
  readonly id: string;
  readonly sid: string;
}

/** Opens it in a migrated database. */
export function createUnsettled({ database, provider, news }: UnsettledOptions): Unsettled {
  const ask = async ({ id, sid }: OpenRow): Promise<keyof UnsettledCounts> => {
    const found = await provider.look(sid).catch((error: unknown) => {
      throw toTextFailure(error).failure;
    });
    if (found !== undefined) await news.status({ messageId: id, ...found });
    const { rows } = await database.query<{ settled: boolean }>(
      // A message that the provider has forgotten is never due again.
      `update text_messages set looked_at = case when $2 then now() else 'infinity' end, looks = least(looks + 1, 10)
       where message_id = $1 returning coalesce(delivery in ${FINAL}, false) as settled`,
      [id, found !== undefined],
    );
    if (found === undefined) return 'unknown';
    return rows[0]?.settled === true ? 'settled' : 'asked';
  };
  return {
    ask: async (limit, signal) => {
      const { rows } = await database.query<OpenRow>(
        `select message_id as id, provider_sid as sid from text_messages where ${DUE} order by created_at limit $1`,
        [limit],
      );
      const counts = { asked: 0, settled: 0, unknown: 0 };
      for (let at = 0; at < rows.length; at += provider.concurrency) {
        signal.throwIfAborted();
        for (const end of await Promise.all(rows.slice(at, at + provider.concurrency).map(ask))) {
          counts.asked += 1;
          if (end !== 'asked') counts[end] += 1;
        }
      }
      return counts;
    },
  };
}
