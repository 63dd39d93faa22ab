/** Shapes that only the routes of data have. */
import { z } from 'zod';
import {
  exportInputSchema,
  fileIdSchema,
  fileOptionsSchema,
  fixIdsSchema,
  ownerSchema,
  profileOutputSchema,
  undoCleanInputSchema,
} from '../../contracts/data/schema.ts';

const digits = z
  .string()
  .regex(/^\d{1,7}$/, 'expected a whole number')
  .transform(Number);

export const fileParams = z.object({ id: fileIdSchema });

/** Whose file is meant: that of somebody else is not found. */
export const ownerQuery = z.strictObject({
  userId: ownerSchema,
  tenant: z.string().min(1).max(200).optional().describe('Tenant of the user, where there are several'),
});

const { skipLines, headerRow } = fileOptionsSchema.shape;
export const uploadQuery = z.strictObject({
  ...ownerQuery.shape,
  ...fileOptionsSchema.shape,
  skipLines: digits.pipe(skipLines.unwrap()).optional(),
  headerRow: digits.pipe(headerRow.unwrap()).optional(),
});

export const startedFileSchema = z.object({
  id: fileIdSchema,
  task: z.string().describe('Id of the task that works on it'),
});

const { status: _status, file_id: _id, report: _report, ...figures } = profileOutputSchema.shape;
export const dataFileSchema = z.object({
  id: fileIdSchema,
  status: z.enum(['waiting', 'profiled']).describe('`profiled` when its report is there'),
  createdAt: z.iso.datetime(),
  figures: z.object(figures).nullable(),
});

export const cleanBody = z.strictObject({ fixes: fixIdsSchema.optional() });
export const undoCleanBody = undoCleanInputSchema.pick({ cleaningId: true });
export const exportBody = exportInputSchema.pick({ format: true });
