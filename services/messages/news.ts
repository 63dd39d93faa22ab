/** What the provider tells about messages: how they stand, and what their recipients answer. */
import { DELIVERY_STATUSES, NEWS_PATHS } from '../../contracts/messages/vocabulary.ts';
import type { Database } from '../database/pool.ts';
import { hashOf } from '../outgoing/ledger.ts';
import type { MessageNews } from './port.ts';

/** Hosts that only programs of the same machine reach. */
const THIS_MACHINE = /^(?:localhost|127\..*|\[::1\])$/;

/**
 * Returns the address at which news of a message are heard, by its id in the ledger; `undefined` where the provider
 * reaches nothing: Twilio itself refuses messages that name an address of this machine.
 *
 * @param publicUrl - address of the API
 * @param apiUrl - address of a provider that takes the place of Twilio
 */
export function statusCallbackOf(
  publicUrl: string,
  apiUrl: string | undefined,
): ((messageId: string) => string) | undefined {
  if (apiUrl === undefined && THIS_MACHINE.test(new URL(publicUrl).hostname)) return undefined;
  return (messageId) => `${publicUrl}${NEWS_PATHS.status}?message=${messageId}`;
}

/** What a recipient wants. */
type Wish = 'stop' | 'start' | 'none';

/** Statuses in the order in which a message goes through them; the last three are final. */
const ORDER = `array['${DELIVERY_STATUSES.join("','")}']`;

/**
 * Opens what hears news in a migrated database. Every method throws PerennialError `DatabaseUnavailable`.
 *
 * @param stopWords - more words that mean STOP, in capitals
 */
export function createMessageNews(database: Database, stopWords: readonly string[]): MessageNews {
  return {
    status: async ({ messageId, sid, status, errorCode }) => {
      await database.query(
        `with told as (
           update text_messages set provider_sid = $2, delivery = $3, error_code = $4,
             delivered_at = case when $3 = 'delivered' then now() else delivered_at end
           where message_id = $1 and (provider_sid is null or provider_sid = $2)
             and (delivery is null or (delivery not in ('delivered', 'undelivered', 'failed')
               and array_position(${ORDER}, delivery) < array_position(${ORDER}, $3)))
           returning message_key)
         update communication_metrics m set status = $3, updated_at = now()
         from told where m.message_key = told.message_key and m.channel = 'sms'`,
        [messageId, sid, status, errorCode ?? null],
      );
    },
    answer: async ({ sid, number, body }) => {
      // An answer that was read is not read again, so that an old STOP, told once more, undoes no START. It counts as
      // engagement of whoever has the number, unless it ends messages.
      await database.query(
        `with first as (insert into text_answers (provider_sid) values ($1) on conflict do nothing returning 1),
           stopped as (insert into text_opt_outs (recipient_hash)
             select $2 from first where $4 = 'stop' on conflict do nothing),
           started as (delete from text_opt_outs using first where recipient_hash = $2 and $4 = 'start')
         insert into communication_engagement (event_key, user_id, channel, kind)
         select 'answered:' || $1 || ':' || id, id, 'sms', 'answered' from users, first
         where phone = $3 and $4 <> 'stop' on conflict do nothing`,
        [sid, hashOf(number), number, wishOf(body, stopWords)],
      );
    },
  };
}

const STOP = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT']);
const START = new Set(['START', 'UNSTOP', 'YES']);

/**
 * Reads what a recipient wants from an answer of one word.
 * @param stopWords - more words that mean STOP, in capitals
 */
export function wishOf(body: string, stopWords: readonly string[]): Wish {
  const word = body
    .normalize('NFKC')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .toUpperCase();
  if (STOP.has(word) || stopWords.includes(word)) return 'stop';
  return START.has(word) ? 'start' : 'none';
}
