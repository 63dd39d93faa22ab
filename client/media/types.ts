/** What a caller can do with media. */
import type { z } from 'zod';
import type {
  makeVariantsInputSchema,
  MakeVariantsOutput,
  ProcessVideoInput,
  ProcessVideoOutput,
} from '../../contracts/media/schema.ts';
import type { JobHandle } from '../connection/jobs.ts';

/**
 * A picture, and what is wanted of it.
 *
 * @example
 * ```ts
 * import type { VariantsRequest } from './client/index.ts';
 *
 * const source = { store: 'file', key: `media/ab/ab${'0'.repeat(62)}`, size: 9, sha256: `ab${'0'.repeat(62)}` } as const;
 * const request: VariantsRequest = { mediaKey: 'photo-7', source, formats: ['webp'] };
 * console.log(request.mediaKey);
 * ```
 */
export type VariantsRequest = z.input<typeof makeVariantsInputSchema> & {
  /** On whose behalf; the same key of another tenant is another medium. @defaultValue nobody's */
  readonly tenant?: string | undefined;
};

/**
 * A film of which a poster and an MP4 are made.
 *
 * @example
 * ```ts
 * import type { VideoRequest } from './client/index.ts';
 *
 * const source = { store: 'file', key: `media/ab/ab${'0'.repeat(62)}`, size: 9, sha256: `ab${'0'.repeat(62)}` } as const;
 * const request: VideoRequest = { mediaKey: 'film-7', source, tenant: 'acme' };
 * console.log(request.mediaKey);
 * ```
 */
export type VideoRequest = ProcessVideoInput & Pick<VariantsRequest, 'tenant'>;

/**
 * Variants of pictures, and films. Inputs are checked before anything is started (`InvalidInput`).
 *
 * @example
 * ```ts
 * const job = perennial.media.get('photo-7', { tenant: 'acme' });
 * console.log(await job.status());
 * ```
 */
export interface MediaJobs {
  /** Makes the variants of a picture; the same key is the same medium. @throws Conflict the key belongs to another one */
  makeVariants(request: VariantsRequest): Promise<JobHandle<MakeVariantsOutput>>;
  /** Makes a poster and an MP4 of a film; the same key is the same medium. @throws Conflict the key belongs to another one */
  processVideo(request: VideoRequest): Promise<JobHandle<ProcessVideoOutput>>;
  /** The handle of the job that makes a medium. Does not ask the server. */
  get(
    mediaKey: string,
    options?: { readonly tenant?: string | undefined },
  ): JobHandle<MakeVariantsOutput | ProcessVideoOutput>;
}
