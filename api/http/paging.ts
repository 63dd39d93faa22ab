/** Pages of lists: a list has `items` and `nextCursor`, and takes `limit` and `cursor`. */
import { z } from 'zod';

const nextSchema = z.string().nullable().describe('`cursor` of the next page; null on the last one');

/** Returns the schema of a page of such items. */
export function pageOf<Item extends z.ZodType>(
  item: Item,
): z.ZodObject<{ items: z.ZodArray<Item>; nextCursor: typeof nextSchema }> {
  return z.object({ items: z.array(item), nextCursor: nextSchema });
}
