/** Shapes that only the routes of parked steps have. */
import { z } from 'zod';
import { parkedDeciderSchema } from '../../contracts/parked/schema.ts';
import { knownIdSchema } from '../../contracts/tasks/schema.ts';
import { jsonSchema } from '../../contracts/values/json/schema.ts';
import { pageShape } from '../http/paging.ts';

export const parkedParams = z.object({ id: knownIdSchema.describe('Id of a run, or the name of a canvas') });
export const parkedQuery = z.strictObject(pageShape({ usual: 50 }));
export const retryBody = parkedDeciderSchema.extend({
  input: z.unknown().optional().describe('Another input; absent: the same'),
});
export const skipBody = parkedDeciderSchema.extend({
  value: jsonSchema.describe('What takes the place of the result'),
});
