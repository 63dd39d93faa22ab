/** Shapes that only the routes of media have. */
import { z } from 'zod';
import { failureSchema } from '../../contracts/failures/schema.ts';
import { mediaFileSchema, mediaKeySchema, variantOptionsShape } from '../../contracts/media/schema.ts';
import { PICTURE_FORMATS, PICTURE_VARIANTS } from '../../contracts/media/vocabulary.ts';
import { tenantSchema } from '../../contracts/tasks/schema.ts';
import { jobStatuses } from '../email/schemas.ts';

const tenant = tenantSchema.optional();

/** Names of a list, separated by commas as in `web,thumbnail`; each is checked when the job is started. */
const namesOf = (known: readonly string[]) =>
  z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe(`Some of ${known.join(', ')}, separated by commas; default: all of them`);

export const mediaQuery = z.strictObject({ tenant });
export const uploadQuery = z.strictObject({
  key: mediaKeySchema.optional(),
  tenant,
  variants: namesOf(PICTURE_VARIANTS),
  formats: namesOf(PICTURE_FORMATS),
  metadata: variantOptionsShape.metadata,
  animation: variantOptionsShape.animation,
});
export const videoQuery = z.strictObject({ key: mediaKeySchema.optional(), tenant });
export const mediaParams = z.object({ key: mediaKeySchema });
export const mediaFileParams = z.object({
  key: mediaKeySchema,
  file: z.string().min(1).max(100).describe('Name of a file, such as web.webp'),
});
export const queuedMediaSchema = z.object({
  status: z.literal('queued'),
  media_key: mediaKeySchema,
  task_id: z.string(),
});
export const mediaSchema = z.object({
  key: mediaKeySchema,
  status: z
    .enum([...jobStatuses, 'gone'])
    .describe('`gone`: ended longer ago than the Temporal server remembers; its files are there'),
  files: z.array(mediaFileSchema.omit({ file: true }).extend({ size: z.int().describe('Bytes') })),
  failure: failureSchema.optional(),
});
