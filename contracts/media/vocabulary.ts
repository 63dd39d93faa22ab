/** The vocabulary of media: variants, formats and ids. No such string is written anywhere else. */

/** What a picture is made for. */
export const PICTURE_VARIANTS = ['thumbnail', 'web', 'original'] as const;

/** What a picture is made for. */
export type PictureVariant = (typeof PICTURE_VARIANTS)[number];

/** Longest side of each variant, in pixels; a smaller picture keeps its size, and so does the original. */
export const VARIANT_SIDES: Readonly<Record<PictureVariant, number | undefined>> = {
  thumbnail: 256,
  web: 1_600,
  original: undefined,
};

/** Forms that pictures are written in. */
export const PICTURE_FORMATS = ['webp', 'avif', 'jpeg'] as const;

/** A form that pictures are written in. */
export type PictureFormat = (typeof PICTURE_FORMATS)[number];

/** What becomes of camera, place, time and texts that a picture carries. */
export const METADATA_CHOICES = ['strip', 'keep'] as const;

/** What becomes of what a picture carries besides its pixels. */
export type MetadataChoice = (typeof METADATA_CHOICES)[number];

/** What becomes of a picture that moves. */
export const ANIMATION_CHOICES = ['refuse', 'first-frame'] as const;

/** What becomes of a picture that moves. */
export type AnimationChoice = (typeof ANIMATION_CHOICES)[number];

/** Name of the job that makes a medium; `digest` tells tenant and key. */
export function mediaWorkflowId(digest: string): string {
  return `media-${digest}`;
}

/** Name of the file of a variant, such as `web.avif`. */
export function variantName(variant: PictureVariant, format: PictureFormat): string {
  return `${variant}.${format}`;
}
