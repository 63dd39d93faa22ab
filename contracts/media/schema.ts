/** Shapes of everything that enters or leaves the domain of media. Never imported by value in workflow code. */
import { z } from 'zod';
import type { DomainSchemas } from '../domain.schema.ts';
import { blobRefSchema } from '../values/blobs.schema.ts';
import { ANIMATION_CHOICES, METADATA_CHOICES, PICTURE_FORMATS, PICTURE_VARIANTS } from './vocabulary.ts';

export const mediaKeySchema = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\w.:@-]+$/, 'expected letters, digits and . : @ _ -')
  .describe('Business key: the same key of a tenant is the same medium');

const pixels = z.int().positive();

const different = (values: readonly unknown[]): boolean => new Set(values).size === values.length;

/** What is made of a picture; the same for HTTP, the command line and the task. */
export const variantOptionsShape = {
  variants: z
    .array(z.enum(PICTURE_VARIANTS))
    .min(1)
    .max(PICTURE_VARIANTS.length)
    .refine(different, 'expected each variant once')
    .default([...PICTURE_VARIANTS])
    .describe('`thumbnail` has at most 256 pixels on a side, `web` 1,600; `original` keeps its size'),
  formats: z
    .array(z.enum(PICTURE_FORMATS))
    .min(1)
    .max(PICTURE_FORMATS.length)
    .refine(different, 'expected each format once')
    .default([...PICTURE_FORMATS])
    .describe('Each variant is written in each of these'),
  metadata: z
    .enum(METADATA_CHOICES)
    .default('strip')
    .describe('Whether camera, place, time and texts are left out; `keep` tells everybody where it was taken'),
  animation: z
    .enum(ANIMATION_CHOICES)
    .default('refuse')
    .describe('What becomes of a picture that moves: a failure, or its first frame'),
} as const;

export const makeVariantsInputSchema = z.strictObject({
  mediaKey: mediaKeySchema,
  source: blobRefSchema.describe('The picture as it was given'),
  ...variantOptionsShape,
});

export const mediaFileSchema = z.object({
  /** Such as `web.avif`. */
  name: z.string(),
  mediaType: z.string(),
  file: blobRefSchema,
  width: pixels,
  height: pixels,
});

export const makeVariantsOutputSchema = z.object({
  status: z.literal('made'),
  media_key: z.string(),
  /** Of the picture as it is looked at, in pixels. */
  width: pixels,
  height: pixels,
  files: z.array(mediaFileSchema),
});

export const processVideoInputSchema = z.strictObject({
  mediaKey: mediaKeySchema,
  source: blobRefSchema.describe('The film as it was given'),
});

export const processVideoOutputSchema = z.object({
  status: z.literal('made'),
  media_key: z.string(),
  /** Of the film as it was given, as it is looked at. */
  width: pixels,
  height: pixels,
  seconds: z.number().positive(),
  /** `poster.jpeg` and `video.mp4`. */
  files: z.array(mediaFileSchema),
});

/** Input and output of each task of the domain. */
export const mediaTaskSchemas = {
  'media.makeVariants': { input: makeVariantsInputSchema, output: makeVariantsOutputSchema },
  'media.processVideo': { input: processVideoInputSchema, output: processVideoOutputSchema },
} as const;

/** What the domain contributes to the schemas. */
export const mediaSchemas = { tasks: mediaTaskSchemas } as const satisfies DomainSchemas;

export type MakeVariantsInput = z.infer<typeof makeVariantsInputSchema>;
export type MakeVariantsOutput = z.infer<typeof makeVariantsOutputSchema>;
export type MediaFile = z.infer<typeof mediaFileSchema>;
export type ProcessVideoInput = z.infer<typeof processVideoInputSchema>;
export type ProcessVideoOutput = z.infer<typeof processVideoOutputSchema>;
